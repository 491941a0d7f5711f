public import Ledger
public import LedgerJSON
public import Primitives

/// Transactions that several members sign, each on its own machine.
extension LedgerClient {
  /// What a transaction would do now, and who has yet to sign it. It may lack signatures, even all of them, and is not
  /// submitted.
  public func preview(_ draft: TransactionDraft) async throws(ClientError) -> PreviewView {
    var call = Call("transactions/preview")
    call.method = .post
    call.contentType = MediaType.bytes
    call.body = draft.bytes
    return try await send(call).value()
  }

  /// Reads the file of a transaction that others may have signed, as `DraftFile.read` does, with the assets' decimals
  /// according to the node. Who signs relies on this node for what an amount means, so ask your own.
  public func draft(
    in file: [UInt8], document: String, chain: ChainContext
  ) async throws(ClientError) -> TransactionDraft {
    let content = try DraftFile.parse(file, document: document)
    return try DraftFile.draft(content, document, chain, try await decimals(of: content.assetsToLookUp))
  }

  /// The file of a transaction for the next signer, with amounts as people read them.
  public func draftFile(of draft: TransactionDraft) async throws(ClientError) -> [UInt8] {
    let assets = Set(draft.operations.compactMap(\.touched.movedAsset))
    return DraftFile.write(draft, decimals: try await decimals(of: assets.sorted()))
  }
}
