"""An archive judged by its own people: queries, pools, grades, and how far two people agree."""

from searchsvc.judging.agreement import Agreement, agreement
from searchsvc.judging.judging import GRADES, Judging, Progress, Sheet, Shown
from searchsvc.judging.qrels import Qrels, qrels_of

__all__ = ["GRADES", "Agreement", "Judging", "Progress", "Qrels", "Sheet", "Shown", "agreement", "qrels_of"]
