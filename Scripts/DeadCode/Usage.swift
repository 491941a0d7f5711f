import CIndexStore

/// What the programs reach, starting from everything outside the modules that are checked. Tests do not count.
struct Usage {
  private let index: Index
  private let modules: Set<String>
  private var reached: Set<String> = []
  /// Declarations that are mentioned anywhere other than where a value is assigned to them.
  private var read: Set<String> = []

  init(_ index: Index, modules: Set<String>) {
    self.index = index
    self.modules = modules
    reach()
  }

  private static let variables: Set = [
    INDEXSTORE_SYMBOL_KIND_INSTANCEPROPERTY, INDEXSTORE_SYMBOL_KIND_STATICPROPERTY,
    INDEXSTORE_SYMBOL_KIND_CLASSPROPERTY, INDEXSTORE_SYMBOL_KIND_VARIABLE,
  ]
  private static let ignored: Set = [
    INDEXSTORE_SYMBOL_KIND_EXTENSION, INDEXSTORE_SYMBOL_KIND_MODULE, INDEXSTORE_SYMBOL_KIND_PARAMETER,
    INDEXSTORE_SYMBOL_KIND_DESTRUCTOR, INDEXSTORE_SYMBOL_KIND_UNKNOWN,
  ]

  private func isChecked(_ file: String) -> Bool {
    let parts = file.split(separator: "/")
    return parts.count > 2 && parts[0] == "Sources" && modules.contains(String(parts[1]))
  }

  /// The property of an accessor; any other symbol itself.
  private func owner(_ usr: String) -> String {
    var usr = usr
    while let parent = index.parents[usr], let declared = index.declarations[parent],
      Self.variables.contains(declared.kind)
    {
      usr = parent
    }
    return usr
  }

  /// The type of a member, even if the member is declared in an extension.
  private func type(of usr: String) -> String? { index.parents[usr].map { index.extended[$0] ?? $0 } }

  private mutating func reach() {
    var edges: [String: Set<String>] = [:]
    var queue: [String] = []
    for mention in index.mentions where !mention.file.hasPrefix("Tests/") {
      let target = owner(mention.usr)
      if mention.isRead || !mention.isWrite { read.insert(target) }
      if isChecked(mention.file), let container = mention.container.map(owner) {
        edges[container, default: []].insert(target)
      } else {
        queue.append(target)
      }
    }
    // An implementation of a requirement is called through the requirement. Requirements of other packages, such as
    // `hash(into:)`, are called wherever the type is used.
    for (usr, requirements) in index.overridden {
      for requirement in requirements {
        let caller = index.declarations[requirement] == nil ? type(of: usr) : requirement
        if let caller { edges[caller, default: []].insert(usr) }
      }
    }
    // By convention, every machine has this function for its tests.
    for (usr, declaration) in index.declarations where declaration.name == "checkInvariants()" {
      if let type = type(of: usr) { edges[type, default: []].insert(usr) }
    }
    while let usr = queue.popLast() {
      guard reached.insert(usr).inserted else { continue }
      queue += edges[usr] ?? []
      if let type = type(of: usr) { queue.append(type) }
    }
  }

  /// The name as `Type.member`, with all enclosing types.
  private func name(_ declaration: Index.Declaration) -> String {
    guard let type = type(of: declaration.usr).flatMap({ index.declarations[$0] }) else { return declaration.name }
    return "\(name(type)).\(declaration.name)"
  }

  private func isUnread(_ declaration: Index.Declaration) -> Bool {
    Self.variables.contains(declaration.kind) && !read.contains(declaration.usr)
      && index.overridden[declaration.usr] == nil
  }

  private func isDead(_ declaration: Index.Declaration) -> Bool {
    isChecked(declaration.file) && !declaration.isImplicit && !Self.ignored.contains(declaration.kind)
      && owner(declaration.usr) == declaration.usr
      && (!reached.contains(declaration.usr) || isUnread(declaration))
  }

  /// Declarations that nothing reaches, and properties that are only written, with their names and places. The members
  /// of a dead type are not listed.
  func dead() -> [(name: String, place: String)] {
    index.declarations.values.filter { declaration in
      let type = type(of: declaration.usr).flatMap { index.declarations[$0] }
      return isDead(declaration) && !(type.map(isDead) ?? false)
    }
    .sorted { ($0.file, $0.line) < ($1.file, $1.line) }
    .map { (name($0), "\($0.file):\($0.line)") }
  }
}
