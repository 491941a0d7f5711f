import CIndexStore
import Foundation

/// What the compiler recorded about the project's own files while it built them: declarations and mentions of them.
struct Index {
  struct Declaration {
    var usr: String
    var name: String
    var kind: indexstore_symbol_kind_t
    /// The path relative to the root of the project.
    var file: String
    var line: UInt32
    /// Whether the compiler generated the declaration, such as a memberwise initializer.
    var isImplicit: Bool
  }

  /// A mention of `usr` in `container`; both are unified symbol references. At the top level of a file there is no
  /// container.
  struct Mention {
    var usr: String
    var name: String
    var container: String?
    var file: String
    var line: UInt32
    var isRead: Bool
    var isWrite: Bool
    /// Whether the mention is in the inheritance clause of a type.
    var isBase: Bool
  }

  private(set) var declarations: [String: Declaration] = [:]
  private(set) var mentions: [Mention] = []
  /// The type or extension of each member, and the property of each accessor.
  private(set) var parents: [String: String] = [:]
  /// The extended type of each extension.
  private(set) var extended: [String: String] = [:]
  /// The requirements or declarations that each witness or override implements.
  private(set) var overridden: [String: Set<String>] = [:]
  /// Files that have changed since they were built.
  private(set) var outdated: Set<String> = []
  private(set) var files: Set<String> = []

  private let root: String
  private let store: indexstore_t
  private var records: Set<String> = []

  /// Reads the parts of the index at `path` that are about files below `root`.
  init(path: String, root: String) throws {
    var error: indexstore_error_t?
    guard let store = indexstore_store_create(path, &error) else { throw IndexError(error, "no index at \(path)") }
    defer { indexstore_store_dispose(store) }
    self.store = store
    self.root = root + "/"
    var units: [String] = []
    withUnsafeMutablePointer(to: &units) { units in
      _ = indexstore_store_units_apply_f(store, 0, units) { context, name in
        context?.assumingMemoryBound(to: [String].self).pointee.append(String(name))
        return true
      }
    }
    for unit in units { try readUnit(unit) }
  }

  private mutating func readUnit(_ name: String) throws {
    var error: indexstore_error_t?
    guard let reader = indexstore_unit_reader_create(store, name, &error) else { throw IndexError(error, name) }
    defer { indexstore_unit_reader_dispose(reader) }
    let path = String(indexstore_unit_reader_get_main_file(reader))
    guard path.hasPrefix(root), path.hasSuffix(".swift"), !path.dropFirst(root.count).hasPrefix(".") else { return }
    // The index still contains files that were removed or moved.
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
      let changed = attributes[.modificationDate] as? Date
    else { return }
    let file = String(path.dropFirst(root.count))
    var seconds: Int64 = 0
    var nanoseconds: Int64 = 0
    indexstore_unit_reader_get_modification_time(reader, &seconds, &nanoseconds)
    files.insert(file)
    if Int64(changed.timeIntervalSince1970) > seconds { outdated.insert(file) } else { outdated.remove(file) }
    var found: [String] = []
    withUnsafeMutablePointer(to: &found) { found in
      _ = indexstore_unit_reader_dependencies_apply_f(reader, found) { context, dependency in
        if let dependency, indexstore_unit_dependency_get_kind(dependency) == INDEXSTORE_UNIT_DEPENDENCY_RECORD {
          context?.assumingMemoryBound(to: [String].self).pointee
            .append(String(indexstore_unit_dependency_get_name(dependency)))
        }
        return true
      }
    }
    for record in found where records.insert(record).inserted { try readRecord(record, file) }
  }

  private mutating func readRecord(_ name: String, _ file: String) throws {
    var error: indexstore_error_t?
    guard let reader = indexstore_record_reader_create(store, name, &error) else { throw IndexError(error, name) }
    defer { indexstore_record_reader_dispose(reader) }
    var found: [Occurrence] = []
    withUnsafeMutablePointer(to: &found) { found in
      _ = indexstore_record_reader_occurrences_apply_f(reader, found) { context, occurrence in
        if let occurrence {
          context?.assumingMemoryBound(to: [Occurrence].self).pointee.append(Occurrence(occurrence))
        }
        return true
      }
    }
    for occurrence in found { add(occurrence, file) }
  }

  private mutating func add(_ occurrence: Occurrence, _ file: String) {
    if occurrence.has(INDEXSTORE_SYMBOL_ROLE_DEFINITION) || occurrence.has(INDEXSTORE_SYMBOL_ROLE_DECLARATION) {
      declarations[occurrence.usr] = Declaration(
        usr: occurrence.usr, name: occurrence.name, kind: occurrence.kind, file: file, line: occurrence.line,
        isImplicit: occurrence.has(INDEXSTORE_SYMBOL_ROLE_IMPLICIT))
      for relation in occurrence.relations {
        if relation.has(INDEXSTORE_SYMBOL_ROLE_REL_CHILDOF) || relation.has(INDEXSTORE_SYMBOL_ROLE_REL_ACCESSOROF) {
          parents[occurrence.usr] = relation.usr
        }
        if relation.has(INDEXSTORE_SYMBOL_ROLE_REL_OVERRIDEOF) {
          overridden[occurrence.usr, default: []].insert(relation.usr)
        }
      }
    }
    guard occurrence.has(INDEXSTORE_SYMBOL_ROLE_REFERENCE) else { return }
    var containers: [String?] = []
    var isBase = false
    for relation in occurrence.relations {
      if relation.has(INDEXSTORE_SYMBOL_ROLE_REL_EXTENDEDBY) {
        extended[relation.usr] = occurrence.usr
        return
      }
      if relation.has(INDEXSTORE_SYMBOL_ROLE_REL_BASEOF) {
        isBase = true
        containers.append(relation.usr)
      } else if relation.has(INDEXSTORE_SYMBOL_ROLE_REL_CONTAINEDBY)
        || relation.has(INDEXSTORE_SYMBOL_ROLE_REL_CALLEDBY)
      {
        containers.append(relation.usr)
      }
    }
    for container in Set(containers.isEmpty ? [nil] : containers) {
      mentions.append(
        Mention(
          usr: occurrence.usr, name: occurrence.name, container: container, file: file, line: occurrence.line,
          isRead: occurrence.has(INDEXSTORE_SYMBOL_ROLE_READ), isWrite: occurrence.has(INDEXSTORE_SYMBOL_ROLE_WRITE),
          isBase: isBase))
    }
  }
}
