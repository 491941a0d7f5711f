internal import Cryptography
internal import Ledger
internal import LedgerJSON
internal import Primitives

extension FuzzTarget {
  /// JSON, and the documents that people and clients write in it. A value has many texts, so the promise is that a
  /// rendered value is read back as the same value.
  static func documentTargets(_ traffic: Traffic) -> [FuzzTarget] {
    let chain = traffic.chain
    var hash = HashFunction(chain.suite)
    let drafts = Samples.transactions(traffic).prefix(16).map { TransactionDraft($0, chain: chain) }
    let transactions = drafts.map { TransactionDocument.render($0, decimals: decimals) }
    let receipts = Samples.receipts(traffic).prefix(4).map { ReceiptDocument.render($0, chain: chain, hash: &hash) }
    let proofs = Samples.proofs(traffic).map { ProofDocument.render($0, chain: chain, hash: &hash) }
    let operations = OperationsDocument.render(Samples.operations, decimals: decimals)
    let genesis = GenesisDocument.render(traffic.genesis)
    let oddities = Array(#"{"a":[1,-2.5e+10,true,false,null,"\u00e4\ud83d\ude00\n"],"ä":{},"b":[]}"#.utf8)
    return [
      document("json", seeds: [oddities, genesis, operations] + transactions.prefix(2)) { bytes in
        try JSONParser.parse(bytes, document: "input")
      } render: { value in
        let pretty = JSONWriter.pretty(value)
        let again = try JSONParser.parse(pretty, document: "rendered")
        try promise(again == value, "\(value) is another value when it is written for people")
        return JSONWriter.compact(value)
      },
      document("genesis-document", seeds: [genesis]) { bytes in
        try GenesisDocument.parse(bytes, document: "input")
      } render: { genesis in
        try promise(try Genesis(bytes: genesis.bytes) == genesis, "genesis has other bytes")
        return GenesisDocument.render(genesis)
      },
      codec("submit-answers", seeds: [SubmitAnswer.encode(submitAnswers)]) { bytes in
        try SubmitAnswer.decode(bytes, limit: 512)
      } encode: { answers in
        SubmitAnswer.encode(answers)
      },
      document("operations-document", byteLimit: 8192, seeds: [operations]) { bytes in
        try OperationsDocument(bytes, document: "input").operations(decimals: decimals)
      } render: { operations in
        OperationsDocument.render(operations, decimals: decimals)
      },
      document("transaction-document", seeds: transactions) { bytes in
        var hash = HashFunction(chain.suite)
        let draft = try TransactionDocument(bytes, document: "input").draft(
          chain: chain, decimals: decimals, hash: &hash)
        return try TransactionDraft(bytes: draft.bytes, chain: chain, hash: &hash).bytes
      } render: { bytes in
        var hash = HashFunction(chain.suite)
        let draft = try TransactionDraft(bytes: bytes, chain: chain, hash: &hash)
        return TransactionDocument.render(draft, decimals: decimals)
      },
      document("receipt-document", byteLimit: 16_384, seeds: Array(receipts)) { bytes in
        var hash = HashFunction(chain.suite)
        return try ReceiptDocument.parse(bytes, document: "input", chain: chain, hash: &hash)
      } render: { receipt in
        var hash = HashFunction(chain.suite)
        return ReceiptDocument.render(receipt, chain: chain, hash: &hash)
      },
      document("proof-document", byteLimit: 16_384, seeds: Array(proofs)) { bytes in
        var hash = HashFunction(chain.suite)
        return try ProofDocument.parse(bytes, document: "input", chain: chain, hash: &hash)
      } render: { proof in
        var hash = HashFunction(chain.suite)
        return ProofDocument.render(proof, chain: chain, hash: &hash)
      },
    ]
  }

  private static let submitAnswers: [SubmitAnswer] = [
    .accepted(Digest(1, 2, 3, 4)), .finalized(Digest(5, 6, 7, 8), height: Height(9), .applied),
    .refused(nil, ErrorDetail(code: "a", message: "ä", nextStep: "b")),
    .refused(.zero, ErrorDetail(code: "a", message: "", nextStep: "", retryAfterMilliseconds: 7)),
  ]

  private static func document<Value: Equatable & SendableMetatype>(
    _ name: String, byteLimit: Int = 4096, seeds: [[UInt8]],
    parse: @escaping @Sendable ([UInt8]) throws -> Value,
    render: @escaping @Sendable (Value) throws -> [UInt8]
  ) -> FuzzTarget {
    FuzzTarget(name, byteLimit: byteLimit, mutations: 1000, seeds: seeds) { (bytes) throws(BrokenPromise) in
      guard let value = try attempt({ try parse(bytes) }) else { return }
      do {
        let text = try render(value)
        let again = try parse(text)
        try promise(again == value, "\(value) is rendered as \(String(decoding: text, as: UTF8.self))")
      } catch {
        throw BrokenPromise("\(value) cannot be rendered and read again: \(error)")
      }
    }
  }

  private static func decimals(_ asset: Name) -> UInt8? { asset.description == "gold" ? 3 : 2 }
}
