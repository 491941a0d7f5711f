import ArgumentParser

/// Chooses the page of a list.
struct PageOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Begin after this entry: the one that the previous page named.", valueName: "name"))
  var after: String?

  @Option(help: "How many entries to show, at most 100.")
  var limit: Int?

  func validate() throws {
    if let limit, !(1...100).contains(limit) {
      throw ValidationError("--limit is \(limit); it must be 1 to 100.")
    }
  }

  static func printNext(_ next: String?, option: String = "--after") {
    if let next { Console.next("for the next page, add \(option) \(next)") }
  }
}
