import ArgumentParser
import Cryptography
import Ledger
import LedgerJSON
import Primitives

struct ReceiptCompare: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Find out whether two receipts prove a fork.",
    discussion: """
      Verifies both receipts with the genesis file, and compares the blocks and results that they prove. Two different \
      final blocks of one height, or two results of one block, are a fork: more validators than the chain tolerates \
      signed both sides, and the command names them. Receipts about different heights say nothing about each other.

      The exit status is 0 if the receipts do not contradict each other, and 1 if they prove a fork or one is invalid.

      Example:
        roadbed receipt compare ours.json theirs.json --genesis genesis.json
      """)

  @Argument(help: "A receipt, or - for standard input.", completion: .file(extensions: ["json"]))
  var first: String

  @Argument(help: "Another receipt.", completion: .file(extensions: ["json"]))
  var second: String

  @Option(help: ArgumentHelp("The chain's genesis file.", valueName: "file"), completion: .file(extensions: ["json"]))
  var genesis: String

  @OptionGroup var output: OutputOptions

  private struct Answer: Encodable {
    var fork: Bool
    /// "agree", "apart", "blocks-differ" or "results-differ".
    var relation: String
    /// The first height about which both receipts speak, or at which they differ.
    var height: Height?
    var first: Digest?
    var second: Digest?
    var signedBoth: [String]
  }

  func run() async throws {
    let genesis = try GenesisFile.read(genesis)
    let (one, other) = (
      try CheckedReceipt(first, genesis: genesis), try CheckedReceipt(second, genesis: genesis)
    )
    let comparison = ReceiptComparison(one.receipt, other.receipt, genesis.chain)
    let common = ReceiptComparison.commonSigners(one.proved, other.proved)
    let answer =
      switch comparison {
      case .agree(let height):
        Answer(fork: false, relation: "agree", height: height, signedBoth: common)
      case .apart: Answer(fork: false, relation: "apart", signedBoth: common)
      case .blocksDiffer(let height, let first, let second):
        Answer(
          fork: true, relation: "blocks-differ", height: height, first: first, second: second, signedBoth: common)
      case .resultsDiffer(let height, let first, let second):
        Answer(
          fork: true, relation: "results-differ", height: height, first: first, second: second, signedBoth: common)
      }
    if output.json { try Console.printJSON(answer) } else { print(answer, one.proved, other.proved) }
    if comparison.isFork { throw ExitCode(ErrorReport.failure) }
  }

  private func print(_ answer: Answer, _ one: VerifiedReceipt, _ other: VerifiedReceipt) {
    guard let height = answer.height else {
      Console.print("both receipts are valid and speak about different heights: neither contradicts the other")
      return
    }
    guard answer.fork, let first = answer.first, let second = answer.second else {
      Console.print("both receipts are valid and prove the same block of height \(height): one chain")
      return
    }
    let what = answer.relation == "blocks-differ" ? "two different blocks" : "one block with two different results"
    Console.print(Console.styled("FORK", .red) + ": both receipts are valid and prove \(what) of height \(height)")
    var sheet = Sheet()
    sheet.add("first", "\(first), signed by \(one.signers.joined(separator: ", ")) in \(one.round)")
    sheet.add("second", "\(second), signed by \(other.signers.joined(separator: ", ")) in \(other.round)")
    sheet.add("signed both", answer.signedBoth.joined(separator: ", "))
    sheet.print(indent: 2)
    Console.next("keep both receipts, give them to all operators, and start no node before you know what happened")
  }
}
