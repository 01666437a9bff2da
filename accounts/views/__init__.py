"""The screens of people, offices and authority: thin, over the verbs."""
