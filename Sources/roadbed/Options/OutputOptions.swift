import ArgumentParser

struct OutputOptions: ParsableArguments {
  @Flag(help: "Print the result as one JSON value, for programs.")
  var json = false
}
