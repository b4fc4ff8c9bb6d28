"""Reading the message of social services (SuwiML Bijstandsregelingen), however it came: over the web service (`dkd`) or
in a file (`batch`). No protocol by itself; knows none of them."""
