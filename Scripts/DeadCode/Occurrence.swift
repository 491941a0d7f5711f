import CIndexStore

/// One occurrence of a symbol in a file.
struct Occurrence {
  struct Relation {
    var usr: String
    var roles: UInt64

    func has(_ role: Int) -> Bool { roles & UInt64(role) != 0 }
  }

  var usr: String
  var name: String
  var kind: indexstore_symbol_kind_t
  var roles: UInt64
  var line: UInt32 = 0
  var relations: [Relation] = []

  init(_ occurrence: indexstore_occurrence_t) {
    let symbol = indexstore_occurrence_get_symbol(occurrence)
    usr = symbol.map { String(indexstore_symbol_get_usr($0)) } ?? ""
    name = symbol.map { String(indexstore_symbol_get_name($0)) } ?? ""
    kind = symbol.map { indexstore_symbol_get_kind($0) } ?? INDEXSTORE_SYMBOL_KIND_UNKNOWN
    roles = indexstore_occurrence_get_roles(occurrence)
    var column: UInt32 = 0
    indexstore_occurrence_get_line_col(occurrence, &line, &column)
    withUnsafeMutablePointer(to: &relations) { relations in
      _ = indexstore_occurrence_relations_apply_f(occurrence, relations) { context, relation in
        if let relation, let symbol = indexstore_symbol_relation_get_symbol(relation) {
          context?.assumingMemoryBound(to: [Relation].self).pointee.append(
            Relation(
              usr: String(indexstore_symbol_get_usr(symbol)), roles: indexstore_symbol_relation_get_roles(relation)))
        }
        return true
      }
    }
  }

  func has(_ role: Int) -> Bool { roles & UInt64(role) != 0 }
}

struct IndexError: Error, CustomStringConvertible {
  let description: String

  init(_ error: indexstore_error_t?, _ what: String) {
    let reason = error.flatMap { indexstore_error_get_description($0) }.map { String(cString: $0) } ?? "unreadable"
    description = "\(what): \(reason)"
    if let error { indexstore_error_dispose(error) }
  }
}

extension String {
  init(_ text: indexstore_string_ref_t) {
    let bytes = UnsafeRawBufferPointer(start: text.data, count: text.length)
    self = String(decoding: bytes, as: UTF8.self)
  }
}
