"""The main job, played over HTTP against the running service as the people would play it."""

from app.story.play import WayIn, play
from app.story.stage import StoryFailed

__all__ = ["StoryFailed", "WayIn", "play"]
