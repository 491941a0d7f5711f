internal import Ledger
internal import Primitives

/// Reads one operation from JSON and applies the rules of the ledger's own decoder to it.
struct OperationReader {
  let amounts: AmountReader

  func read(_ node: JSONNode) throws(DocumentError) -> Operation {
    let operation = try node.object { (reader) throws(DocumentError) in try self.fields(&reader) }
    var writer = Writer()
    operation.encode(into: &writer)
    do throws(CodecError) {
      return try Reader.whole(writer.bytes) { (reader) throws(CodecError) in try Operation(from: &reader) }
    } catch {
      throw DocumentError(
        document: node.document, path: node.path,
        fault: .rule(
          code: error.code, explanation: error.explanation, nextStep: "correct it; Documentation/api.md has the rules"))
    }
  }

  static func kind(_ node: JSONNode) throws(DocumentError) -> OperationKind {
    let kinds = OperationKind.allCases.map(\.name).joined(separator: ", ")
    return try node.text("one of \(kinds)") { OperationKind(name: $0) }
  }

  private func fields(_ reader: inout JSONObjectReader) throws(DocumentError) -> Operation {
    let kind = try OperationReader.kind(try reader.required("kind"))
    return try kind.form.read(&reader, amounts)
  }
}
