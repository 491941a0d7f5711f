import ArgumentParser
import Cryptography
import Ledger
import LedgerJSON
import Primitives

struct ProofVerify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Verify a proof of the state offline.",
    discussion: """
      Follows every link, from the entry to the signatures of a quorum of the validators in the genesis file, and prints \
      what they prove. The exit status is 1 if any link is invalid.

      That there is no such entry is proved in the same way, and is no error. A proof says nothing about later blocks.

      Examples:
        roadbed proof verify proof.json --genesis demo/genesis.json
        roadbed proof verify - --genesis genesis.json --json < proof.json
      """)

  @Argument(help: "The proof, or - for standard input.", completion: .file(extensions: ["json"]))
  var file: String

  @OptionGroup var trust: TrustOptions

  @OptionGroup var output: OutputOptions

  private struct Answer: Encodable {
    var valid = true
    var summary: JSONValue
    /// Present with --checkpoint.
    var olderThanCheckpoint: Bool?
  }

  func run() async throws {
    let genesis = try GenesisFile.read(trust.genesis)
    var hash = HashFunction(genesis.suite)
    let proof = try ProofDocument.parse(
      try TextFile.read(file), document: TextFile.name(file), chain: genesis.chain, hash: &hash)
    let proved = try proof.verify(genesis: genesis, checkpoint: trust.checkpoint)
    let summary = ProofDocument.summary(of: proof, genesis.chain, &hash)
    if output.json {
      return try Console.printJSON(
        Answer(summary: summary, olderThanCheckpoint: trust.checkpoint.map { _ in proved.isBelowCheckpoint }))
    }
    print(proved, summary, genesis)
  }

  private func print(_ proved: VerifiedEntry, _ summary: JSONValue, _ genesis: Genesis) {
    Console.print(Console.styled("valid", .green) + ": with the genesis file alone, this file proves that")
    var sheet = Sheet()
    sheet.add("after block", "\(proved.height), \(proved.block)")
    sheet.add("of", proved.timestamp.iso8601)
    sheet.add("of chain", "\(genesis.chainName), genesis \(genesis.digest)")
    sheet.add("final by", "\(proved.signers.joined(separator: ", ")) (\(proved.round))")
    sheet.add("the state had", Self.finding(proved))
    sheet.print(indent: 2)
    if proved.isBelowCheckpoint { CheckpointText.printOlder("proof") }
    guard case .object(let members) = summary, case .object(let entry)? = members["entry"] else { return }
    Console.print("with")
    var values = Sheet()
    for (name, value) in entry.sorted(by: { $0.key < $1.key }) { values.add(name, Self.text(value)) }
    values.print(indent: 2)
  }

  private static func finding(_ proved: VerifiedEntry) -> String {
    let name = Printable.text("\(proved.key)")
    guard proved.entry == nil else { return name }
    if case .balance = proved.key { return "\(ProofDocument.absent) as \(name): it was zero" }
    return "\(ProofDocument.absent) as \(name)"
  }

  private static func text(_ value: JSONValue) -> String {
    if case .string(let text) = value { return Printable.text(text) }
    return Printable.text(String(decoding: JSONWriter.compact(value), as: UTF8.self))
  }
}
