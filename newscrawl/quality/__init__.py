"""Whether a run brought what the site's runs bring: measured, compared, without Scrapy."""

from newscrawl.quality.gates import GATES, Bounds
from newscrawl.quality.judging import judge
from newscrawl.quality.measuring import Measured, Tally

__all__ = ["GATES", "Bounds", "Measured", "Tally", "judge"]
