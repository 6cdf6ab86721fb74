"""The door of the process: ordinary pages go to threads, each with its own kept database connection.

Live updates, under /live/, will be answered by the async loop itself when their room opens.
"""

from a2wsgi import WSGIMiddleware
from django.conf import settings

from coppice.wsgi import application as pages

application = WSGIMiddleware(pages, workers=settings.THREADS)  # type: ignore[arg-type]
