import ArgumentParser

@main struct Skein: ParsableCommand {}
