"""The Dutch pages of the simulator: plain forms, no script, usable at 375 px and with a keyboard."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Face:
    """How one simulated provider looks. `levels`: as the page names them, with what the tokens say; one level is not
    asked for. `cookie`: cookies are not separated by port, so never the service's name or that of another provider.
    `identifier`: what to call the number of a person."""

    name: str
    warning: str
    levels: Mapping[str, str]
    cookie: str
    identifier: str


_FRAME = """<!doctype html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }} - {{ face.name }} (nagebootst, alleen voor test)</title>
<style>
  body { font: 1.125rem/1.5 sans-serif; margin: 0 auto; max-width: 40rem; padding: 1rem; color: #1a1a1a; }
  .test { background: #fff3cd; border: 2px solid #7a5b00; padding: .75rem; }
  fieldset { border: 1px solid #767676; margin: 1.5rem 0; padding: .75rem; }
  label { display: block; padding: .4rem 0; }
  ul { list-style: none; padding: 0; }
  li { margin: .75rem 0; }
  button { font: inherit; width: 100%; text-align: left; padding: .75rem; border: 2px solid #1a1a1a; background: #fff;
           border-radius: .25rem; cursor: pointer; }
  button:hover { background: #f0f0f0; }
  button:focus-visible, input:focus-visible { outline: 4px solid #154273; outline-offset: 2px; }
  button strong { display: block; overflow-wrap: anywhere; }
</style>
</head>
<body>
<main>
<h1>{{ title }}</h1>
<p class="test"><strong>{{ face.name }} (nagebootst, alleen voor test).</strong>
{{ face.warning }} Gebruik hier nooit uw eigen gegevens.</p>
"""
_END = """
</main>
</body>
</html>
"""

LOGIN = (
    _FRAME
    + """
<form method="post" action="{{ url_for('decide') }}">
<input type="hidden" name="page" value="{{ page }}">
{% if face.levels | length == 1 %}<input type="hidden" name="niveau" value="{{ face.levels | first }}">
{% else %}<fieldset>
<legend>Hoe logt deze persoon in?</legend>
{% for level in face.levels %}
<label><input type="radio" name="niveau" value="{{ level }}"{% if level == 'substantieel' %} checked{% endif %}>
{{ level | capitalize }}</label>
{% endfor %}
</fieldset>{% endif %}
<h2>Kies een testpersoon</h2>
<ul>
{% for person in persons %}
<li><button type="submit" name="burger" value="{{ loop.index0 }}"><strong>{{ person.name }}</strong>
{{ person.shows }} <small>({{ face.identifier }} {{ person.identifier }})</small></button></li>
{% endfor %}
</ul>
<button type="submit" name="annuleren" value="ja">Annuleren</button>
</form>
"""
    + _END
)

ON_BEHALF = (
    _FRAME
    + """
<form method="post" action="{{ url_for('choose_for_whom') }}">
<input type="hidden" name="page" value="{{ page }}">
<p>U hebt een machtiging. Met DigiD Machtigen kunt u inloggen voor iemand anders.</p>
<ul>
<li><button type="submit" name="namens" value=""><strong>Voor mijzelf</strong>
{{ person.name }} <small>({{ face.identifier }} {{ person.identifier }})</small></button></li>
{% for other in person.represents %}
<li><button type="submit" name="namens" value="{{ loop.index0 }}"><strong>Namens {{ other.name }}</strong>
vertegenwoordigde <small>({{ face.identifier }} {{ other.identifier }})</small></button></li>
{% endfor %}
</ul>
</form>
"""
    + _END
)

MESSAGE = _FRAME + "<p>{{ text }}</p>" + _END
