"""The rulebook: every row of the rules of iJw 3.2 and iWmo 3.2, with what Solidair does about it and how that is proven.

Four states: a function of `standard/rules` enforces it, the schema does, the process of Solidair does, or a receiver cannot check it and the
row says why. Which function enforces a row is asked of the register of rules, never typed by hand. Owns the CSV files beside it; the
sentences in them are ours, the facts (code, berichten, element, retourcode) are those of the standard. README.md says what is in which file.
"""

from app.standard.rulebook.joining import regelboek
from app.standard.rulebook.regelrij import SOORTEN, Proeven, RegelRij, Staat
from app.standard.rulebook.zoeken import Regelgroep, RegelVraag, per_code, tel_staten, zoek

__all__ = ["SOORTEN", "Proeven", "RegelRij", "RegelVraag", "Regelgroep", "Staat", "per_code", "regelboek", "tel_staten", "zoek"]
