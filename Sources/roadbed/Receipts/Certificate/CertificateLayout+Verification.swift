import Ledger
import Primitives

extension CertificateLayout {
  private static let formats = "formats.md"
  /// Where the second verifier is in the source code, and what stands for the folder of that in its command.
  private static let secondProgram = "Clients/Python"
  private static let source = "roadbed"

  var digests: [Block] {
    let (header, result) = (facts.receipt.header, facts.proved.result)
    var list = [
      fact(.genesis, facts.genesis.digest), fact(.transaction, facts.proved.transaction.id),
      fact(.block, facts.proved.block), fact(.parentBlock, header.parent), fact(.parentResult, header.parentResult),
      fact(.transactionRoot, header.transactionRoot), fact(.result, facts.resultDigest),
      fact(.stateRoot, result.stateRoot), fact(.outcomeRoot, result.outcomeRoot),
    ]
    if let above = result.above { list.append(fact(.configurationAbove, above.configuration)) }
    if !facts.receipt.descendants.isEmpty {
      list += [confirmedHeight, confirmedBlock, fact(.confirmedResult, facts.certifiedResult)]
    }
    return [.facts(list)]
  }

  var verification: [Block] {
    let arguments = facts.names.arguments(facts.checkpoint)
    let suite = facts.genesis.suite
    return [
      paragraph(.offline),
      .facts(
        [
          fact(.receiptFile, "\(code: facts.names.receipt)"), fact(.fileDigest, facts.fileDigest),
          fact(.genesisFile, "\(code: facts.names.genesis)"), fact(.genesis, facts.genesis.digest),
        ] + (facts.checkpoint.map { [fact(.checkpoint, "\(code: $0)")] } ?? [])),
      .subheading(words.programs),
      paragraph(.programs), paragraph(.firstProgram), .command("roadbed receipt verify \(arguments)"),
      paragraph(.secondProgram(source: Self.source, folder: Self.secondProgram)),
      .command(
        "PYTHONPATH=\(Self.source)/\(Self.secondProgram) python3 -m roadbed_verify receipt \(arguments)"),
      paragraph(.programsAgree),
      .subheading(words.byHand),
      paragraph(
        .byHand(
          hash: suite.hashName, signature: suite.signatureName, suiteByte: Hex.encode([suite.rawValue]))),
      .items(steps),
    ]
  }

  private var steps: [CertificatePage.Item] {
    let (receipt, proved) = (facts.receipt, facts.proved)
    var steps: [(step: CertificateStep, facts: [Fact])] = [
      (.genesis, [fact(.genesis, facts.genesis.digest)]),
      (.transaction, [fact(.transaction, proved.transaction.id)]),
      (
        .transactionTree(
          index: proved.index, leaves: receipt.header.transactionCount, path: receipt.inclusionPath.count),
        [fact(.transactionLeaf, facts.transactionLeaf), fact(.transactionRoot, receipt.header.transactionRoot)]
      ),
      (
        .block,
        [
          fact(.parentBlock, receipt.header.parent), fact(.parentResult, receipt.header.parentResult),
          fact(.block, proved.block),
        ]
      ),
      (
        .outcomeTree(index: proved.index, leaves: receipt.header.transactionCount, path: receipt.outcomePath.count),
        [
          fact(.outcomeBytes, "\(code: outcomeBytes)"), fact(.outcomeLeaf, facts.outcomeLeaf),
          fact(.outcomeRoot, proved.result.outcomeRoot),
        ]
      ),
      (.result(proved.result.above == nil ? .blockResultWithoutEpoch : .blockResult), result),
    ]
    if !receipt.descendants.isEmpty {
      steps.append(
        (.descent(headers: receipt.descendants.count), [confirmedHeight, confirmedBlock]))
    }
    if !receipt.closings.list.isEmpty {
      steps.append((.closings(receipt.closings.list.count), [fact(.epoch, "\(value: facts.certified.epoch)")]))
    }
    steps.append((.finalization(signatures: receipt.certificate.signers.count), statement))
    return steps.enumerated().map { place, step in
      CertificatePage.Item(
        number: place + 1, text: words.step(step.step) + words.section(step.step.section, of: Self.formats),
        facts: step.facts)
    }
  }

  private var confirmedHeight: Fact { fact(.confirmedHeight, "\(value: facts.certifiedHeight)") }

  private var confirmedBlock: Fact { fact(.confirmedBlock, facts.certified.block) }

  private var outcomeBytes: String {
    var writer = Writer()
    facts.proved.outcome.encode(into: &writer)
    return Hex.encode(writer.bytes)
  }

  private var result: [Fact] {
    let result = facts.proved.result
    return [fact(.stateRoot, result.stateRoot), fact(.outcomeRoot, result.outcomeRoot)]
      + (result.above.map {
        [fact(.epochAbove, "\(value: $0.epoch)"), fact(.configurationAbove, $0.configuration)]
      } ?? []) + [fact(.result, facts.resultDigest)]
  }

  /// The fields that the validators signed, in their order.
  private var statement: [Fact] {
    [
      fact(.epoch, "\(value: facts.certified.epoch)"), fact(.view, "\(value: facts.certified.view)"),
      fact(.parentView, "\(value: facts.certified.parent)"), confirmedBlock,
      fact(.confirmedResult, facts.certifiedResult),
    ]
  }
}

extension Suite {
  fileprivate var hashName: String {
    switch self {
    case .p256SHA256, .ed25519SHA256: "SHA-256"
    case .sm2SM3: "SM3"
    }
  }

  fileprivate var signatureName: String {
    switch self {
    case .p256SHA256: "ECDSA P-256"
    case .ed25519SHA256: "Ed25519"
    case .sm2SM3: "SM2"
    }
  }
}
