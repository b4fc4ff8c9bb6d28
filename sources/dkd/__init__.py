"""Source protocol dkd: claims of social services over SuwiML (Bijstandsregelingen), SOAP 1.1."""
