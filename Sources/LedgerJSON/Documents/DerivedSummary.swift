/// What people read in a file next to the bytes that prove it. It is derived again from the bytes when the file is
/// read, so that a file whose readable part says anything else is refused.
enum DerivedSummary {
  /// Refuses a summary at the first difference, with the path of that difference. `source` is what the summary repeats,
  /// such as `receipt`.
  static func check(_ given: JSONNode, _ derived: JSONValue, source: String) throws(DocumentError) {
    guard case .object(let expected) = derived, case .object = given.value else {
      guard given.value.isExactly(derived) else {
        throw given.refused(allowed: "what the \(source) says, \(JSONNode(derived, document: "").shown)")
      }
      return
    }
    try given.object { (reader) throws(DocumentError) in
      for key in expected.keys.sorted() {
        guard let value = expected[key] else { continue }
        try check(try reader.required(key), value, source: source)
      }
    }
  }
}
