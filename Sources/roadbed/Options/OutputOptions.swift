import ArgumentParser

/// The option that chooses output for people or for programs.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print the result as one JSON value, for programs.")
  var json = false
}
