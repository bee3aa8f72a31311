"""The web part for any WSGI server, e.g. `waitress-serve --port 8925 wsgi:app`.

It serves the webhook, health and pages on the database of the settings; `antesala worker` and
`antesala mailbox` do the rest. `antesala run` needs none of this.
"""

from plugin.service.errors import setup_sentry
from plugin.service.health import of_store
from plugin.service.log import setup_log
from plugin.settings import load
from plugin.store import open_store
from plugin.web.app import create_app
from plugin.web.parts import Web
from plugin.web.signature import keys

settings = load()
setup_log(settings)
setup_sentry(settings)
store = open_store(settings)
app = create_app(Web(settings, store, lambda: of_store(store), keys(settings.webhook_secrets)))
