"""Escalated asks for a token on every page of the site that its middleware stands in; here only on those of its API."""

from escalated.api_middleware import AuthenticateApiToken


class ApiOnly(AuthenticateApiToken):
    def process_view(self, request, view_func, view_args, view_kwargs):
        if not request.path.startswith("/support/api/"):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)
