import Testing

/// Compares the modules that README.md and architecture.md list with Package.swift.
@Suite("Documents: modules")
struct ModulesTests {
  private static let bindings: Set = ["COpenSSL", "CPKCS11"]

  /// The text between the first backticks of each row.
  static func names(_ table: Table) -> [String] {
    table.rows.compactMap { $0.first?.split(separator: "`").first.map(String.init) }
  }

  static func orderFindings(_ listed: [String], _ modules: [String]) -> [String] {
    let missing = modules.filter { !listed.contains($0) }.map { "\($0): not in the document" }
    let unknown = listed.filter { !modules.contains($0) }.map { "\($0): not in Package.swift" }
    guard missing.isEmpty, unknown.isEmpty else { return missing + unknown }
    return listed == modules ? [] : ["in another order than in Package.swift: \(listed.joined(separator: ", "))"]
  }

  /// The imports that a cell states: names, `all above`, or `all but` some.
  static func imports(_ cell: String, above: [String]) -> Set<String> {
    let words = cell.split { ", `".contains($0) }.map(String.init)
    if words.starts(with: ["all", "above"]) { return Set(above) }
    if words.starts(with: ["all", "but"]) { return Set(above).subtracting(words) }
    return Set(words)
  }

  static func importFindings(_ table: Table, _ modules: [Manifest.Module]) -> [String] {
    zip(table.rows, modules).flatMap { row, module -> [String] in
      guard row.count == 4 else { return ["\(module.name): a row of \(row.count) cells"] }
      var findings: [String] = []
      // Only one module imports each binding to C.
      let above = modules.map(\.name).prefix { $0 != module.name }.filter { !Self.bindings.contains($0) }
      if imports(row[2], above: above) != Set(module.modules) {
        findings.append("\(module.name) imports \(module.modules.joined(separator: ", "))")
      }
      let isWhole = !row[3].contains("…") && !row[3].contains("see below")
      if isWhole, Set(row[3].split { ", ".contains($0) }.map(String.init)) != Set(module.packages) {
        findings.append("\(module.name) uses \(module.packages.joined(separator: ", "))")
      }
      return findings
    }
  }

  @Test(
    "README.md and architecture.md list the modules of Package.swift, all of them, in its order, with what they import")
  func modules() throws {
    let project = try Project.shared.get()
    let modules = Manifest(text: try Project.text("Package.swift")).modules
    #expect(modules.count > 12)
    let names = modules.map(\.name) + ["roadbed"]
    let architecture = Table(try project.document("Documentation/architecture.md"), withFirstCell: "`Primitives`")
    expectNone(Self.orderFindings(Self.names(architecture), names))
    expectNone(Self.importFindings(architecture, modules))
    let readme = Table(try project.document("README.md"), withFirstCell: "`Primitives`")
    expectNone(Self.orderFindings(Self.names(readme), names.filter { !Self.bindings.contains($0) }))
  }

  @Test("Mismatches are found: a module without a row, a row without its module, a different order, a different import")
  func found() {
    let manifest = """
      let modules: [Target] = [
        .systemLibrary(
          name: "COpenSSL", pkgConfig: "libcrypto"),
        module("A", ["COpenSSL"]),
        module(
          "B",
          [
            "A",
            .product(name: "NIOCore", package: "swift-nio"),
          ]),
      ]
      """
    let modules = Manifest(text: manifest + "\n").modules
    #expect(modules.map(\.name) == ["COpenSSL", "A", "B"])
    #expect(modules.last == Manifest.Module(name: "B", modules: ["A"], packages: ["swift-nio"]))
    let text = """
      | Module | | Imports | |
      |---|---|---|---|
      | `COpenSSL` | x | | |
      | `A` | x | | |
      | `B` | x | all above | swift-log |
      """
    let table = Table(Document(path: "x.md", text: text), withFirstCell: "`A`")
    #expect(Self.importFindings(table, modules) == ["A imports COpenSSL", "B uses swift-nio"])
    #expect(Self.orderFindings(Self.names(table), ["COpenSSL", "A", "B"]).isEmpty)
    #expect(Self.orderFindings(["B", "C"], ["A", "B"]) == ["A: not in the document", "C: not in Package.swift"])
    #expect(Self.orderFindings(["B", "A"], ["A", "B"]) == ["in another order than in Package.swift: B, A"])
    #expect(Self.imports("all but A", above: ["A", "B"]) == ["B"])
  }
}
