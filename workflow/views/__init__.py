"""The screens of the journey: thin, over the verbs."""
