internal import Cryptography
internal import Hummingbird
internal import Ledger
internal import LedgerJSON
internal import NIOCore
internal import Node
internal import NodeCore
internal import Primitives
internal import Replica

/// Routes to submit transactions, wait for them, and get their receipts.
struct TransactionRoutes: Sendable {
  /// The greatest number of transactions in one request.
  static let transactionLimit = 512

  let node: RoadbedNode
  let reads: Reads
  let waits: WaitBudget

  func add(to router: Router<APIContext>) {
    router.post("/v1/transactions") { request, context in try await submit(request, for: context.client) }
    router.get("/v1/transactions/:id") { request, context in
      try await show(try context.digest("id"), request, for: context.client)
    }
    router.get("/v1/transactions/:id/receipt") { request, context in
      _ = try Query(request)
      let id = try context.digest("id")
      return try await reads.run(for: context.client) { try await receipt(id) }
    }
  }

  // MARK: Submitting

  private func submit(_ request: Request, for client: ClientAddress) async throws -> Response {
    let query = try Query(request, Query.waiting + ["many"])
    let wait = try query.finalityWait
    var body = try await request.body.collect(upTo: Limits.requestBodyBytes)
    let bytes = body.readBytes(length: body.readableBytes) ?? []
    let (transactions, isMany) = try await decode(bytes, request, query)
    guard let wait else { return try await submit(transactions, isMany, request, nil) }
    // Before anything is submitted, so that a client that is refused knows that nothing was.
    return try await waits.hold(transactions.count, for: client) {
      try await submit(transactions, isMany, request, wait)
    }
  }

  private func submit(
    _ transactions: [[UInt8]], _ isMany: Bool, _ request: Request, _ wait: UInt64?
  ) async throws -> Response {
    let answers = try await node.submit(transactions).enumerated().map { index, answer in
      try acceptIfFinal(transactions[index], answer)
    }
    if isMany {
      let results = try await finish(answers, of: transactions, wait)
      if let accept = request.headers[.accept], MediaType.names(MediaType.results, in: accept) {
        return .results(results, .accepted)
      }
      var explained: [SubmitResult] = []
      for (result, bytes) in zip(results, transactions) { explained.append(try await node.explain(result, of: bytes)) }
      return try .json(SubmitResults(explained), .accepted)
    }
    switch answers[0] {
    case .failure(let refusal): throw RequestError(refusal)
    case .success(let accepted):
      let result = try await node.explain(try await finish([accepted], wait)[0], of: transactions[0])
      return try .json(result, result.status == .finalized ? .ok : .accepted)
    }
  }

  /// Makes it always safe to send the same bytes again: a transaction that is already final is not refused, for example
  /// because it has expired by now; otherwise the client would build it again under another id.
  private func acceptIfFinal(
    _ bytes: [UInt8], _ answer: Result<Acceptance, SubmissionRefusal>
  ) throws -> Result<Acceptance, SubmissionRefusal> {
    guard case .failure(.inadmissible) = answer else { return answer }
    var hash = HashFunction(node.chain.suite)
    guard let transaction = try? SignedTransaction(bytes: bytes, chain: node.chain, hash: &hash),
      try node.finalized(transaction.id) != nil
    else { return answer }
    return .success(Acceptance(id: transaction.id, isFinal: true))
  }

  /// Decodes the body, in any of the forms that the path accepts, to the canonical bytes of the submitted transactions.
  private func decode(
    _ bytes: [UInt8], _ request: Request, _ query: Query
  ) async throws -> ([[UInt8]], isMany: Bool) {
    let type = request.headers[.contentType].map(MediaType.named)
    switch type {
    case MediaType.bytes:
      guard try query.flag("many") else { return ([bytes], false) }
      return (try Self.split(bytes), true)
    case MediaType.json:
      let (documents, isMany) = try TransactionDocument.request(
        bytes, document: "body", limit: Self.transactionLimit)
      let decimals = try await node.decimals(of: documents.flatMap(\.assetsToLookUp))
      var hash = HashFunction(node.chain.suite)
      var transactions: [[UInt8]] = []
      for document in documents {
        transactions.append(
          try document.transaction(chain: node.chain, decimals: { decimals[$0] }, hash: &hash).bytes)
      }
      return (transactions, isMany)
    default:
      throw RequestError.mediaType(type)
    }
  }

  /// Splits a body of transactions, each preceded by its length as a little-endian `UInt32`.
  static func split(_ bytes: [UInt8]) throws(CodecError) -> [[UInt8]] {
    var reader = Reader(bytes.span.bytes)
    var transactions: [[UInt8]] = []
    while reader.remaining > 0 {
      guard transactions.count < transactionLimit else {
        throw .tooLong(
          field: "transactions", value: UInt64(transactionLimit) + 1, limit: UInt64(transactionLimit))
      }
      transactions.append(try reader.longBytes(limit: Limits.transactionBytes, "transaction"))
    }
    guard !transactions.isEmpty else { throw .truncated(offset: 0, missing: 4) }
    return transactions
  }

  private func finish(
    _ answers: [Result<Acceptance, SubmissionRefusal>], of transactions: [[UInt8]], _ wait: UInt64?
  ) async throws -> [SubmitAnswer] {
    var accepted = try await finish(answers.compactMap { try? $0.get() }, wait)[...]
    var hash = HashFunction(node.chain.suite)
    return zip(answers, transactions).compactMap { answer, bytes -> SubmitAnswer? in
      guard case .failure(let refusal) = answer else { return accepted.popFirst() }
      // There is no id if the bytes are not a transaction.
      let id = (try? SignedTransaction(bytes: bytes, chain: node.chain, hash: &hash))?.id
      return .refused(id, RequestError(refusal).detail)
    }
  }

  /// The answers for accepted transactions, after at most `wait` milliseconds.
  private func finish(_ accepted: [Acceptance], _ wait: UInt64?) async throws -> [SubmitAnswer] {
    let final = try await node.waitUntilFinal(accepted, milliseconds: wait ?? 0)
    return zip(accepted, final).map { accepted, final in
      guard let final else { return .accepted(accepted.id) }
      return .finalized(accepted.id, height: final.height, final.outcome)
    }
  }

  // MARK: Showing

  private func show(_ id: Digest, _ request: Request, for client: ClientAddress) async throws -> Response {
    let query = try Query(request, Query.waiting)
    if let wait = try query.finalityWait {
      _ = try await waits.hold(1, for: client) { try await node.waitUntilFinal(id, milliseconds: wait) }
    }
    return try await reads.run(for: client) { try await show(id) }
  }

  private func show(_ id: Digest) async throws -> Response {
    // Check before the look-up, because the index may catch up in between.
    let isIndexBehind = node.isIndexCatchingUp
    if let place = try node.finalized(id) {
      guard let stored = try node.store.block(at: place.height) else { throw RequestError.pruned(place.height, node) }
      let transaction = SignedTransaction(stored.block.transaction(at: place.index))
      return try .json(
        try await status(of: transaction, place, blockTime: stored.block.header.timestamp))
    }
    if let pending = try await node.pending(id) { return try .json(try await status(of: pending, nil, blockTime: nil)) }
    throw unknown(id, isIndexBehind: isIndexBehind)
  }

  /// The error for a transaction that was not found. After a restart, the index may not contain it yet.
  private func unknown(_ id: Digest, isIndexBehind: Bool) -> RequestError {
    if isIndexBehind {
      return RequestError(
        .serviceUnavailable, code: "index.catching-up",
        "transaction \(id) was not found, but the query index has not reached the end of the chain yet",
        nextStep: "ask again in a moment, or ask another node", retryAfter: 1)
    }
    // Without an index only the newest outcomes are known, so the node cannot say that a transaction is unknown.
    if let complaint = node.indexComplaint { return RequestError(.serviceUnavailable, complaint) }
    guard node.queryIndex != nil, node.store.base == .genesis else {
      return RequestError(
        .notFound, code: "transaction.not-here",
        "transaction \(id) was not found, but this node cannot look up the whole chain: the transaction may still be final",
        nextStep:
          "ask a node that keeps a query index and all blocks; submitting its bytes again is always safe")
    }
    return RequestError(
      .notFound, code: "transaction.unknown", "transaction \(id) is neither final nor waiting at this node",
      nextStep: "submit its bytes again: that is always safe")
  }

  private func status(
    of transaction: SignedTransaction, _ place: FinalizedTransaction?, blockTime: Timestamp?
  ) async throws -> TransactionStatus {
    let operations = transaction.operations
    let decimals = try await node.decimals(of: operations.compactMap(\.touched.movedAsset))
    let rendered = RenderedOperation.list(operations) { decimals[$0] }
    return TransactionStatus(
      id: transaction.id, status: place == nil ? .pending : .finalized, height: place?.height, index: place?.index,
      blockTime: blockTime, outcome: place.map { OutcomeView($0.outcome, of: rendered) },
      validUntil: transaction.validUntil,
      nonce: transaction.nonce, operations: rendered,
      signatures: transaction.signatures.map(SignatureView.init))
  }

  private func receipt(_ id: Digest) async throws -> Response {
    let isIndexBehind = node.isIndexCatchingUp
    guard let receipt = try await node.receipt(id) else {
      let place = try node.finalized(id)
      if let place, place.height <= node.store.base { throw RequestError.pruned(place.height, node) }
      let isPending = try await node.pending(id) != nil
      throw isPending || place != nil
        ? RequestError(
          .notFound, code: "receipt.not-final", "transaction \(id) is not final at this node yet",
          nextStep: "wait with 'GET /v1/transactions/{id}?wait=finalized', then ask again")
        : unknown(id, isIndexBehind: isIndexBehind)
    }
    var hash = HashFunction(node.chain.suite)
    return .document(ReceiptDocument.render(receipt, chain: node.chain, hash: &hash))
  }
}

extension RoadbedNode {
  /// The decimals of those of `assets` that exist.
  func decimals(of assets: [Name]) async throws -> [Name: UInt8] {
    let names = Set(assets)
    guard !names.isEmpty else { return [:] }
    return try await read { ledger in
      var decimals: [Name: UInt8] = [:]
      for name in names { decimals[name] = ledger.asset(name)?.decimals }
      return decimals
    }
  }
}
