internal import Cryptography
internal import Hummingbird
internal import Ledger
internal import LedgerJSON
internal import NIOCore
internal import Node
internal import Primitives
internal import Replica

/// The route to try a transaction that may lack signatures. Everything but the dry run itself is done in the background.
struct PreviewRoutes: Sendable {
  let node: RoadbedNode
  /// A gate of its own, so that those that wait for the replica's thread keep no place of other reads.
  let reads: Reads

  func add(to router: Router<APIContext>) {
    router.post("/v1/transactions/preview") { request, context in
      _ = try Query(request)
      var body = try await request.body.collect(upTo: Limits.requestBodyBytes)
      let bytes = body.readBytes(length: body.readableBytes) ?? []
      let type = request.headers[.contentType].map(MediaType.named)
      return try await reads.run(for: context.client) {
        try Response.json(try await preview(try await draft(bytes, type)))
      }
    }
  }

  private func draft(_ bytes: [UInt8], _ type: String?) async throws -> TransactionDraft {
    var hash = HashFunction(node.chain.suite)
    var bytes = bytes
    switch type {
    case MediaType.bytes: break
    case MediaType.json:
      let document = try TransactionDocument(bytes, document: "body")
      let decimals = try await node.decimals(of: document.assetsToLookUp)
      bytes = try document.draft(chain: node.chain, decimals: { decimals[$0] }, hash: &hash).bytes
    default: throw RequestError.mediaType(type)
    }
    let draft: TransactionDraft
    do throws(TransactionError) {
      draft = try TransactionDraft(bytes: bytes, chain: node.chain, hash: &hash)
    } catch {
      throw RequestError(SubmissionRefusal.malformed(error))
    }
    let changes = draft.authorityChanges
    guard changes <= Limits.previewAuthorityChanges else { throw RequestError.tooCostly(changes) }
    return draft
  }

  private func preview(_ draft: TransactionDraft) async throws -> PreviewView {
    var verifier = SignatureVerifier(node.chain.suite)
    let verification = draft.verify(with: &verifier)
    var counted = draft
    counted.keepSignatures { verification.signatures[$0] }
    let preview: TransactionPreview
    do {
      preview = try await node.preview(counted)
    } catch let refusal as SubmissionRefusal {
      throw RequestError(refusal)
    }
    var faults = preview.signatureFaults[...]
    let signatures = zip(draft.signatures, verification.signatures).map { signature, isValid in
      guard isValid else {
        return SignatureCheckView(
          signature, error: ErrorDetail(SubmissionRefusal.badSignature(member: signature.member)))
      }
      return SignatureCheckView(signature, error: (faults.popFirst() ?? nil).map { ErrorDetail($0) })
    }
    return PreviewView(
      id: draft.id, validUntil: draft.validUntil, preview, signatures: signatures,
      outcome: try await node.explain(preview.outcome, of: draft.operations),
      refusal: Self.refusal(of: draft, verification, preview).map { ErrorDetail($0) })
  }

  /// The refusal that submitting would get, except that invalid signatures come first: they need no state to be wrong.
  private static func refusal(
    of draft: TransactionDraft, _ verification: DraftVerification, _ preview: TransactionPreview
  ) -> SubmissionRefusal? {
    if let bad = verification.signatures.firstIndex(of: false) {
      return .badSignature(member: draft.signatures[bad].member)
    }
    if let validator = verification.badKeyProofs.first { return .badKeyProof(validator: validator) }
    return preview.fault.map { .inadmissible($0) }
  }
}

extension RequestError {
  fileprivate static func tooCostly(_ changes: Int) -> RequestError {
    RequestError(
      .contentTooLarge, code: "preview.too-costly",
      "the operations that change who may act, and the keys that they name, are \(changes); a node tries at most "
        + "\(Limits.previewAuthorityChanges)",
      nextStep: "split it into several transactions, or go without a preview: submitting has no such limit")
  }
}
