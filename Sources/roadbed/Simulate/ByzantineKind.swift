import ArgumentParser
import Simulation

/// What the traitors do, or none if there are no traitors.
struct ByzantineKind: ExpressibleByArgument {
  let sabotage: Sabotage?

  init?(argument: String) {
    sabotage = Sabotage(rawValue: argument)
    if sabotage == nil, argument != "none" { return nil }
  }

  static var allValueStrings: [String] { Sabotage.allCases.map(\.rawValue) + ["none"] }
}
