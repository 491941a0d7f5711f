import ArgumentParser

/// A number of validators, or "mixed".
struct NodeCount: ExpressibleByArgument {
  let count: Int?

  init(count: Int?) { self.count = count }

  init?(argument: String) {
    if argument == "mixed" {
      self.init(count: nil)
      return
    }
    guard let count = Int(argument), (1...100).contains(count) else { return nil }
    self.init(count: count)
  }

  var defaultValueDescription: String { count.map { "\($0)" } ?? "mixed" }
}
