"""The pages for employees of counselling organisations, who log in with their own provider: a site inside the public site."""
