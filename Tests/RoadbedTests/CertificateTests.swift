import Foundation
import Ledger
import LedgerJSON
import Primitives
import Testing

/// `receipt show`, run as a user runs it, on receipts that no cluster is needed for.
@Testing.Suite("The certificate page") struct CertificateTests {
  private static let forms: [[String]] = [[], ["--html"], ["--language", "zh"], ["--language", "zh", "--html"]]

  private func show(_ folder: Folder, _ options: [String] = []) async throws -> Roadbed.Run {
    try await Roadbed.run(
      ["receipt", "show", folder.path("receipt.json"), "--genesis", folder.path("genesis.json")] + options)
  }

  /// Runs the command and expects a page.
  private func page(_ folder: Folder, _ options: [String] = []) async throws -> String {
    let run = try await show(folder, options)
    #expect(run.status == 0 && run.error.isEmpty, "\(run.error)")
    return run.output
  }

  /// The text in one line.
  private func words(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }

  private func transfer() throws -> Ledger.Operation { try OperationKindTests.sample(.assetTransfer).operation }

  @Test(
    "The page has every fact: who, what, when, all digests, all validators and who of them signed", arguments: forms)
  func facts(form: [String]) async throws {
    try await Folder.with { folder in
      let sample = try SampleReceipt([try transfer()], headers: 2, epochs: 1)
      try sample.write(to: folder)
      let (receipt, proved) = (sample.receipt, try sample.receipt.verify(genesis: sample.genesis))
      let page = try await page(folder, form)
      let statement = receipt.certificate.statement
      var expected = [
        "seven", "ed25519-sha256", "2030-03-17T17:46:40.123Z", "2030-03-17T17:56:40.000Z", "77", "gold", "bank-b/main",
        "bank-b/vault", "INV-17", "asset.transfer", "applied", "operator1", "operator2", "四号机构", "formats.md",
        "\(sample.genesis.digest)", "\(proved.transaction.id)", "\(proved.block)", "\(proved.result.stateRoot)",
        "\(proved.result.outcomeRoot)", "\(receipt.header.transactionRoot)", "\(receipt.header.parent)",
        "\(receipt.header.parentResult)", "\(try #require(statement.proposal).block)",
        "\(receipt.descendants[0].parentResult)", "\(sample.opening(of: 1))",
        "roadbed receipt verify receipt.json --genesis genesis.json",
        "python3 -m roadbed_verify receipt receipt.json --genesis genesis.json",
      ]
      expected += receipt.transaction.signatures.map { "\($0.key)" }
      for validator in sample.genesis.validators {
        expected += ["\(validator.name)", "\(validator.member)", "\(validator.voteKey)"]
      }
      for fact in expected { #expect(page.contains(fact), "\(fact)") }
    }
  }

  @Test("The page says how many validators signed, what a quorum is, and what share of it each organisation has")
  func quorum() async throws {
    try await Folder.with { folder in
      try SampleReceipt([try transfer()]).write(to: folder)
      let text = try await page(folder)
      #expect(text.contains("5 of 7 validators signed; a quorum is 5."))
      let rows = text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
      for row in [
        "operator3 – 2 1 1 of 5", "operator4 “四号机构” 1 0 0 of 5", "4 node5 operator3 yes", "5 node6 operator3 no",
      ] {
        #expect(rows.contains { $0.hasPrefix(row) }, "\(row)")
      }
      let chinese = try await page(folder, ["--language", "zh"])
      #expect(chinese.contains("7 个验证节点中有 5 个已签署；法定人数为 5。"))
    }
  }

  @Test("The page of a transaction that was not applied says so first, and why, and marks the operation that failed")
  func refused() async throws {
    try await Folder.with { folder in
      let outcome = TransactionOutcome(code: .assetInsufficientFunds, operation: 1)
      let open = try OperationKindTests.sample(.accountOpen).operation
      try SampleReceipt([open, try transfer(), open], outcome: outcome).write(to: folder)
      let text = try await page(folder)
      #expect(text.contains("*** Not applied ***"))
      #expect(text.contains("Not applied [asset.insufficient-funds]: the account holds less than the amount"))
      #expect(text.contains("number 2 of 3 (index 1)"))
      let operations = try #require(text.components(separatedBy: "1. What was asked for, but not applied").last)
      let second = operations.components(separatedBy: "\n2.  ")[1].components(separatedBy: "\n3.  ")[0]
      #expect(second.contains("*** This operation failed. ***"))
      #expect(text.components(separatedBy: "This operation failed").count == 2)
      let html = try await page(folder, ["--html", "--language", "zh"])
      #expect(html.contains("<p class=\"status refused\">未生效</p>"))
      #expect(html.components(separatedBy: "class=\"marked\"").count == 2)
    }
  }

  @Test(
    "A changed receipt, another chain's genesis or another checkpoint gives no page, and the error of receipt verify")
  func changed() async throws {
    try await Folder.with { folder in
      let sample = try SampleReceipt([try transfer()], headers: 1, epochs: 1)
      try sample.write(to: folder)
      let bytes = sample.receipt.bytes(sample.genesis.chain)
      for place in stride(from: 1, to: bytes.count, by: bytes.count / 12) {
        var changed = bytes
        changed[place] ^= 1
        try folder.write(
          "{\"format\": \"roadbed-receipt/2\", \"receipt\": \"\(Hex.encode(changed))\"}", to: "receipt.json")
        try await expectNoPage(folder)
      }
      try sample.write(to: folder)
      try await expectNoPage(folder, ["--checkpoint", "1:\(Digest.zero)"])
      var other = sample.genesis
      other.timestamp = Timestamp(1)
      try folder.write(String(decoding: GenesisDocument.render(other), as: UTF8.self), to: "genesis.json")
      try await expectNoPage(folder)
    }
  }

  private func expectNoPage(_ folder: Folder, _ options: [String] = []) async throws {
    let target = folder.path("page.html")
    let run = try await show(folder, ["--html", "-o", target] + options)
    #expect(run.status == 1 && run.output.isEmpty && !run.errorCode.isEmpty && run.hasNextStep, "\(run.output)")
    #expect(!FileManager.default.fileExists(atPath: target))
    let verify = try await Roadbed.run(
      ["receipt", "verify", folder.path("receipt.json"), "--genesis", folder.path("genesis.json")] + options)
    #expect(verify.status == 1 && verify.error == run.error)
  }

  @Test(
    "N6: text that others wrote into the chain stays text: no markup, no control character comes through",
    arguments: forms)
  func hostile(form: [String]) async throws {
    try await Folder.with { folder in
      try SampleReceipt(try SampleReceipt.hostileOperations(), description: SampleReceipt.hostile).write(to: folder)
      let page = try await page(folder, form)
      for scalar in page.unicodeScalars where scalar != "\n" {
        let isInvisible = [.control, .format, .lineSeparator, .paragraphSeparator].contains(
          scalar.properties.generalCategory)
        #expect(!isInvisible, "U+\(String(scalar.value, radix: 16))")
      }
      // The bytes of a memo that cannot be shown as it is.
      #expect(page.contains(Hex.encode(Array("<script>alert(1)</script>\u{202E}".utf8))) && page.contains("ff3c0a"))
      guard form.contains("--html") else { return }
      #expect(
        !page.contains("<script") && !page.contains("<img") && page.components(separatedBy: "</style>").count == 2)
      let parsed = ParsedHTML(page)
      #expect(parsed.isWellFormed)
      #expect(parsed.quotes.contains("<script>alert(1)</script>\u{FFFD}"))
      #expect(parsed.quotes.contains("\"><script src=x>"))
      let shown = SampleReceipt.hostile.replacing("\u{202E}", with: "\u{FFFD}")
      // In three operations, and as the description of a member that signed and has validators.
      #expect(parsed.quotes.filter { $0 == shown }.count == 5)
    }
  }

  @Test(
    "N6: the HTML page is well-formed, names its language, and refers to nothing outside itself",
    arguments: ["en", "zh"])
  func selfContained(language: String) async throws {
    try await Folder.with { folder in
      try SampleReceipt([try transfer()], headers: 1, epochs: 2).write(to: folder)
      let html = try await page(folder, ["--html", "--language", language])
      for reference in ["http:", "https:", "src=", "href=", "@import", "url(", "//", "data:", "javascript:"] {
        #expect(!html.contains(reference), "\(reference)")
      }
      #expect(html.hasPrefix("<!DOCTYPE html>\n"))
      let parsed = ParsedHTML(html)
      #expect(parsed.isWellFormed)
      #expect(parsed.elements.first?.name == "html")
      #expect(parsed.elements.first?.attributes == ["lang": language == "en" ? "en" : "zh-Hans"])
      let known: Set = [
        "html", "head", "meta", "title", "style", "body", "main", "header", "section", "div", "h1", "h2", "h3", "p",
        "span", "b", "bdi", "code", "pre", "strong", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr",
        "th",
        "td",
      ]
      #expect(Set(parsed.elements.map(\.name)).isSubset(of: known))
      let attributes = Set(parsed.elements.flatMap { $0.attributes.keys })
      #expect(
        attributes.isSubset(of: [
          "lang", "charset", "http-equiv", "content", "name", "class", "scope", "aria-hidden", "value",
        ]))
    }
  }

  @Test("The page is written to a new file, and an existing one stays as it is")
  func output() async throws {
    try await Folder.with { folder in
      try SampleReceipt([try transfer()]).write(to: folder)
      let target = folder.path("page.html")
      let run = try await show(folder, ["--html", "-o", target])
      #expect(run.status == 0 && run.output == "wrote \(target), verified\n", "\(run.error)")
      let html = try await page(folder, ["--html", "--output", "-"])
      #expect(folder.text("page.html") == html)
      let again = try await show(folder, ["--out", target])
      #expect(again.status == 1 && again.errorCode == "file.exists", "\(again.error)")
      #expect(folder.text("page.html") == html)
    }
  }

  @Test("A long batch is listed up to the limit and counted, and the operation that failed is always listed")
  func batch() async throws {
    try await Folder.with { folder in
      let account = try #require(AccountName("operator1/main"))
      let operations = [Ledger.Operation](repeating: .accountFreeze(account: account), count: 1000)
      let outcome = TransactionOutcome(code: .accountFrozen, operation: 776)
      let sample = try SampleReceipt(operations, outcome: outcome)
      try sample.write(to: folder)
      let text = try await page(folder)
      let numbers = text.components(separatedBy: "\n").filter {
        $0.contains("[account.freeze]") || $0.contains("Freeze")
      }
      .compactMap { $0.split(separator: ".").first.flatMap { Int($0) } }
      #expect(numbers == Array(1...200) + [777])
      #expect(
        words(text).contains(
          "Only the first 200 operations are listed, and number 777, which failed. All 1000 are in the receipt file, and "
            + "the transaction id \(sample.receipt.transaction.id) is a digest of all of them."))
    }
  }

  @Test("With a checkpoint, the page says what was relied on, and nothing about closings that were not verified")
  func checkpoint() async throws {
    try await Folder.with { folder in
      var sample = try SampleReceipt([try transfer()], epochs: 3)
      let checkpoint = "2:\(sample.opening(of: 2))"
      // Nobody signed this closing, and nobody verifies it.
      sample.receipt.closings.list[0].result.stateRoot = Digest(6, 6, 6, 6)
      let unused = sample.opening(of: 1)
      try sample.write(to: folder)
      #expect(try await show(folder).status == 1)
      for language in ["en", "zh"] {
        let text = try await page(folder, ["--checkpoint", checkpoint, "--language", language])
        #expect(text.contains("--checkpoint \(checkpoint)"))
        #expect(!text.contains("\(unused)"))
        #expect(text.contains("\(sample.opening(of: 2))") && text.contains("\(sample.opening(of: 3))"))
      }
      let text = words(try await page(folder, ["--checkpoint", checkpoint]))
      #expect(text.contains("Epoch 1 ended with block 20, as the checkpoint confirms."))
      #expect(text.contains("1 earlier closing was not relied on."))
      try SampleReceipt([try transfer()]).write(to: folder)
      let older = words(try await page(folder, ["--checkpoint", checkpoint]))
      #expect(older.contains("The receipt is of an epoch before the checkpoint \(checkpoint)"))
    }
  }

  @Test("The page of a receipt of an older chain is made with its genesis file", arguments: ["version-1", "version-2"])
  func older(version: String) async throws {
    let golden = "\(Roadbed.root)/Tests/LedgerJSONTests/Golden/\(version)"
    let run = try await Roadbed.succeed(
      "receipt", "show", "\(golden)/receipt.json", "--genesis", "\(golden)/genesis.json", "--language", "zh")
    #expect(run.output.contains("rb.res.1"))
  }

  /// The commands that the page tells its reader to type.
  private func commands(_ text: String) -> [String] {
    text.split(separator: "\n").filter { $0.hasPrefix("    ") && $0.contains(" --genesis ") }
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// Types a command in a folder with the two files and the source code.
  private func type(_ command: String, _ folder: Folder) throws -> Int32 {
    let link = folder.path("roadbed")
    if !FileManager.default.fileExists(atPath: link) {
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: Roadbed.root)
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    let directory = URL(fileURLWithPath: Roadbed.binary).deletingLastPathComponent().path
    var environment = ProcessInfo.processInfo.environment
    environment["PATH"] = "\(directory):\(Self.python ?? directory):\(environment["PATH"] ?? "")"
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    process.environment = environment
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// The folder of a Python that has what the second verifier needs.
  private static let python: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    return (folders + ["/usr/bin"]).first { folder in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "\(folder)/python3")
      process.arguments = ["-c", "import sys, cryptography; sys.exit(sys.version_info < (3, 11))"]
      process.standardError = FileHandle.nullDevice
      guard (try? process.run()) != nil else { return false }
      process.waitUntilExit()
      return process.terminationStatus == 0
    }
  }()

  @Test("The commands on the page verify the receipt, even one with a strange name, and refuse another one")
  func firstProgram() async throws { try await expectCommand(0, named: "it's a receipt.json") }

  @Test("The second program's command on the page verifies the receipt too", .enabled(if: python != nil))
  func secondProgram() async throws { try await expectCommand(1, named: "r.json") }

  private func expectCommand(_ index: Int, named name: String) async throws {
    try await Folder.with { folder in
      let sample = try SampleReceipt([try transfer()], epochs: 2)
      try sample.write(to: folder)
      try FileManager.default.moveItem(atPath: folder.path("receipt.json"), toPath: folder.path(name))
      let checkpoint = "1:\(sample.opening(of: 1))"
      for options in [[], ["--checkpoint", checkpoint]] {
        let run = try await Roadbed.run(
          ["receipt", "show", folder.path(name), "--genesis", folder.path("genesis.json")] + options)
        let commands = commands(run.output)
        try #require(commands.count == 2, "\(run.output)\(run.error)")
        #expect(try type(commands[index], folder) == 0, "\(commands[index])")
        let whole = folder.text(name)
        try folder.write(whole.replacing("2030-03-17T17:46:40.123Z", with: "2030-03-17T17:46:40.124Z"), to: name)
        #expect(try type(commands[index], folder) == 1)
        try folder.write(whole, to: name)
      }
    }
  }
}
