public import Cryptography
public import Ledger
public import Primitives

/// The receipt file: `{"format": …, "receipt": "<hex>", "summary": {…}}`.
///
/// Only the receipt's canonical bytes are a proof. The summary is for people; it is derived again when the file is
/// read, and a file with a different summary is refused.
public enum ReceiptDocument {
  /// The format of receipts; those of chains without epochs have version 1.
  public static func format(of chain: ChainContext) -> String {
    chain.hasEpochs ? "roadbed-receipt/2" : "roadbed-receipt/1"
  }

  /// Reads a receipt. Proves nothing yet; see `Receipt.verify`. Errors refer to the document as `document`. `hash`
  /// must be of the chain's suite.
  public static func parse(
    _ bytes: [UInt8], document: String, chain: ChainContext, hash: inout HashFunction
  ) throws(DocumentError) -> Receipt {
    let root = try JSONNode.parse(bytes, document: document)
    let (node, summary) = try root.object { (reader) throws(DocumentError) in
      try reader.required("format").expect(format(of: chain))
      return (try reader.required("receipt"), reader.optional("summary"))
    }
    let encoded = try node.hex()
    let receipt: Receipt
    do throws(ReceiptError) {
      receipt = try Receipt(bytes: encoded, chain: chain, hash: &hash)
    } catch {
      throw node.rule(error)
    }
    if let summary {
      try DerivedSummary.check(summary, value(of: ReceiptSummary(receipt, chain, &hash)), source: "receipt")
    }
    return receipt
  }

  /// Writes the file of a receipt.
  public static func render(_ receipt: Receipt, chain: ChainContext, hash: inout HashFunction) -> [UInt8] {
    JSONWriter.pretty(
      .object([
        "format": .string(format(of: chain)),
        "receipt": .string(Hex.encode(receipt.bytes(chain))),
        "summary": value(of: ReceiptSummary(receipt, chain, &hash)),
      ]))
  }

  private static func value(of summary: ReceiptSummary) -> JSONValue {
    do {
      return try JSONParser.parse(Array(try AnswerCoding.encode(summary)), document: "summary")
    } catch {
      // Only numbers that JSON cannot express could cause this, and a summary has none.
      preconditionFailure("the summary of the receipt of \(summary.transaction) cannot be encoded: \(error)")
    }
  }
}
