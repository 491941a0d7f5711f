import ArgumentParser
import Simulation

/// A list of fault names, separated by commas.
struct FaultList: ExpressibleByArgument {
  let kinds: Set<FaultKind>

  init?(argument: String) {
    var kinds: Set<FaultKind> = []
    for word in argument.split(separator: ",") {
      guard let kind = FaultKind(rawValue: String(word)) else { return nil }
      kinds.insert(kind)
    }
    self.kinds = kinds
  }
}
