"""What a result means, in words."""

from __future__ import annotations

from simsupply.base.language import Language
from simsupply.experiment.comparison import Comparison
from simsupply.experiment.diagnosis import Diagnosis
from simsupply.report.comparison_answer import answer_sentence
from simsupply.report.difference_answer import difference_sentences, selection_sentences
from simsupply.report.run_answer import run_answer
from simsupply.results.result import Result


def answer(result: Result | Comparison, language: Language = "en", diagnosis: Diagnosis | None = None) -> str:
    """What a run or a comparison means, in a few lines of English or Chinese.

    With what `simsupply.diagnose` tried on a run it says what holds the plan back; without, where the longest wait is.
    See `simsupply.report.run_answer` and, of a comparison, `simsupply.report.comparison_answer` and
    `simsupply.report.difference_answer`.
    """
    if isinstance(result, Comparison):
        lines = [answer_sentence(result, language), *selection_sentences(result, language)]
        return "\n".join([*lines, *difference_sentences(result, language)])
    return "\n".join(run_answer(result, language, diagnosis))
