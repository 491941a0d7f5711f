import ArgumentParser
import Ledger

struct ReceiptShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Make a page about a receipt, for people to read, print and file.",
    discussion: """
      Verifies the receipt like `roadbed receipt verify`, and makes no page if it is not valid. The page says what was \
      agreed, by whom and when, what became of it, which validators confirmed it, all digests, and how to verify them by hand \
      and with two programs. The page itself proves nothing: keep the receipt and the genesis file.

      With --html it is one file without scripts and without references to other files, made for A4 paper. As text and \
      HTML, in English and Chinese, it says the same. It lists at most \(CertificateFacts.operationLimit) operations, the \
      one that failed, and \(CertificateFacts.closingLimit) epochs; it counts the others.

      Examples:
        roadbed receipt show receipt.json --genesis demo/genesis.json
        roadbed receipt show receipt.json --genesis genesis.json --html -o receipt.html
        roadbed receipt show receipt.json --genesis genesis.json --language zh
      """)

  @OptionGroup var source: ReceiptOptions

  @Flag(help: "Make an HTML page instead of plain text.")
  var html = false

  @Option(help: "The language of the page: English or Chinese.")
  var language = CertificateLanguage.english

  @Option(
    name: [.customShort("o"), .customLong("output"), .customLong("out")],
    help: ArgumentHelp(
      "The file to create, which must not exist. Default, and with -: standard output.", valueName: "file"))
  var output: String?

  func run() async throws {
    let facts = try CertificateFacts(
      try source.verified(), checkpoint: source.trust.checkpoint,
      names: CertificateFiles(receipt: source.file, genesis: source.trust.genesis))
    let page = CertificateLayout(facts, language).page
    try TextFile.write(
      html ? CertificateHTML.render(page) : CertificateText.render(page), to: output ?? "-", isNew: true)
    guard let output, case .file = try FileTarget(output) else { return }
    Console.print("wrote \(output), verified")
  }
}
