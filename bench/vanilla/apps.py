from django.apps import AppConfig


class VanillaConfig(AppConfig):
    name = "bench.vanilla"
    label = "vanilla"
