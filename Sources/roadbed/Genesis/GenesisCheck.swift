import ArgumentParser
import Ledger
import LedgerJSON
import Primitives

struct GenesisCheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check a genesis file, and that it is the one you expect.",
    discussion: """
      Checks format, limits, keys, thresholds and references. The exit status is 1 if anything is wrong.

      Examples:
        roadbed genesis check genesis.json
        roadbed genesis check genesis.json --digest 4f1d…
      """)

  @Argument(help: "The genesis file, or - for standard input.", completion: .file(extensions: ["json"]))
  var file: String

  @Option(help: "The digest that the members agreed on; any other is refused.", transform: Digest.argument)
  var digest: Digest?

  @OptionGroup var output: OutputOptions

  private struct Answer: Encodable {
    var valid = true
    var chain: ChainView
    /// The version of the chain's rules.
    var version: UInt8
    var members: Int
    var validators: Int
  }

  func run() async throws {
    let genesis = try GenesisFile.read(file)
    if let digest, digest != genesis.digest {
      throw CommandError(
        code: "genesis.other-digest",
        explanation: "\(TextFile.name(file)) has the digest \(genesis.digest), not \(digest)",
        nextStep: "use the genesis file that the members agreed on")
    }
    if output.json {
      let chain = ChainView(name: "\(genesis.chainName)", suite: genesis.suite, genesis: genesis.digest)
      return try Console.printJSON(
        Answer(
          chain: chain, version: genesis.version, members: genesis.members.count, validators: genesis.validators.count))
    }
    GenesisSheet.print(genesis)
    Console.print(
      Console.styled("valid", .green)
        + ": \(genesis.members.count) members, \(genesis.validators.count) validators")
    do throws(GenesisError) {
      try genesis.requireExecutedVersion()
    } catch {
      // The program can still verify receipts of this chain.
      Console.print("this program cannot run a node for it: \(error.explanation)")
      return Console.next(error.nextStep)
    }
    if digest == nil { Console.next("compare the digest with the other members' before you start a node") }
  }
}
