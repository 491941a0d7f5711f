internal import Cryptography
public import Ledger
internal import LedgerJSON
public import Primitives

/// The files with which the signers of one transaction pass it on. Nothing in them is secret.
public enum DraftFile {
  /// Writes the file of a transaction with its signatures so far. Amounts are in smallest units, and for people also scaled
  /// where `decimals` has the asset.
  public static func write(_ draft: TransactionDraft, decimals: [Name: UInt8] = [:]) -> [UInt8] {
    TransactionDocument.render(draft) { decimals[$0] }
  }

  /// Reads a file and verifies the signatures in it: each is its key's over this transaction. Whether the key is the
  /// member's, only a node knows: see `LedgerClient.preview(_:)`.
  ///
  /// `document` is the file's name in errors. `decimals` are needed of the assets whose amounts the file has scaled.
  public static func read(
    _ file: [UInt8], document: String, chain: ChainContext, decimals: [Name: UInt8] = [:]
  ) throws(ClientError) -> TransactionDraft {
    try draft(try parse(file, document: document), document, chain, decimals)
  }

  static func parse(_ file: [UInt8], document: String) throws(ClientError) -> TransactionDocument {
    do throws(DocumentError) {
      return try TransactionDocument(file, document: document)
    } catch {
      throw .document(error)
    }
  }

  static func draft(
    _ content: TransactionDocument, _ document: String, _ chain: ChainContext, _ decimals: [Name: UInt8]
  ) throws(ClientError) -> TransactionDraft {
    var hash = HashFunction(chain.suite)
    let draft: TransactionDraft
    do throws(DocumentError) {
      draft = try content.draft(chain: chain, decimals: { decimals[$0] }, hash: &hash)
    } catch {
      throw .document(error)
    }
    var verifier = SignatureVerifier(chain.suite)
    let verification = draft.verify(with: &verifier)
    for (signature, isValid) in zip(draft.signatures, verification.signatures) where !isValid {
      throw .draftSignature(document: document, member: signature.member)
    }
    return draft
  }
}
