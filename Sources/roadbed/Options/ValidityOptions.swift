import ArgumentParser
import Primitives

/// How long a transaction may wait for a block.
struct ValidityOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("How long the transaction may wait for a block, at most 86400.", valueName: "seconds"))
  var validFor: UInt64 = 600

  @Option(help: ArgumentHelp("Distinguishes otherwise equal transactions. Default: random.", valueName: "number"))
  var nonce: UInt64?

  func validate() throws {
    guard (1...86_400).contains(validFor) else {
      throw ValidationError("--valid-for is \(validFor); it must be 1 to 86400 seconds.")
    }
  }

  var end: Timestamp { SystemClock.now.advanced(byMilliseconds: validFor * 1000) }
}
