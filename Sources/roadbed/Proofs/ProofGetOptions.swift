import ArgumentParser
import Ledger
import LedgerClient

/// What the commands that fetch a proof have in common.
struct ProofGetOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write. Default, and with -: standard output.", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("The chain's genesis file, to verify with.", valueName: "file"))
  var genesis: String?

  @OptionGroup var nodes: NodeOptions

  @Flag(help: "Print the result as one JSON value; without -o, the proof itself.")
  var json = false

  private struct Answer: Encodable {
    var file: String
    var verified: Bool
  }

  /// Fetches a proof, verifies it if a genesis file is given, and writes it to a file or to standard output.
  func fetch(_ key: StateKey) async throws {
    let genesisFile = try genesis ?? nodes.knownCluster()?.genesisFile
    let bytes = try await nodes.withClient { try await $0.proofFile(key) }
    if let genesisFile {
      _ = try ProofFile.verify(
        bytes, document: "the proof of \(key)", key: key, genesis: try GenesisFile.read(genesisFile))
    }
    try TextFile.write(bytes, to: output ?? "-")
    guard let output, try FileTarget(output) != .standardOutput else { return }
    if json { return try Console.printJSON(Answer(file: output, verified: genesisFile != nil)) }
    Console.print("wrote \(output)\(genesisFile == nil ? "" : ", verified")")
    guard case .file = try FileTarget(output) else { return }
    Console.next("roadbed proof verify \(Paths.quoted(output)) --genesis \(genesisFile ?? "GENESIS")")
  }
}
