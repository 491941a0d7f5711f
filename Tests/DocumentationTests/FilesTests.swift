import Foundation
import Testing

/// Checks links, and the files and folders that documents name.
@Suite("Documents: files")
struct FilesTests {
  // Stands for a file of any type.
  private static let placeholders: Set = ["Type+Aspect.swift"]

  static func brokenLinks(_ document: Document, _ project: Project) -> [String] {
    document.links.compactMap { link in
      guard !link.text.contains("://"), !link.text.hasPrefix("mailto:") else { return nil }
      let parts = link.text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      var path = document.path
      if !parts[0].isEmpty {
        let folder = URL(fileURLWithPath: "/" + document.path).deletingLastPathComponent()
        path = String(folder.appendingPathComponent(parts[0]).standardized.path.dropFirst())
      }
      guard path == document.path || project.has(path) else { return "\(document.place(link)): link to \(link.text)" }
      guard parts.count == 2 else { return nil }
      let target = path == document.path ? document : project.documents.first { $0.path == path }
      return target?.anchors.contains(parts[1]) == true ? nil : "\(document.place(link)): anchor \(link.text)"
    }
  }

  static func missingFiles(_ document: Document, _ project: Project) -> [String] {
    let top = Set(project.folders.filter { !$0.contains("/") })
    let modules = Set(
      project.folders.filter { $0.hasPrefix("Sources/") || $0.hasPrefix("Tests/") }
        .compactMap { $0.split(separator: "/").dropFirst().first }.map(String.init))
    return (document.spans + document.code).flatMap { piece in
      piece.text.split { " ,;()\"=".contains($0) }.compactMap { word -> String? in
        // Nothing from a placeholder onwards can be looked up: `Corpus/<target>/`.
        var name = word.firstIndex(of: "<").map { String(word[..<$0]) } ?? String(word)
        while name.hasSuffix("/") || name.hasSuffix(".") { name.removeLast() }
        let first = name.split(separator: "/").first.map(String.init) ?? ""
        let isPath = name.contains("/") && (top.contains(first) || modules.contains(first))
        let isFile = [".swift", ".md"].contains { name.hasSuffix($0) }
        guard isPath || isFile, !placeholders.contains(name), !name.contains("://"), !name.hasPrefix("/") else {
          return nil
        }
        let places = ["", "Sources/", "Tests/", "Documentation/", "Documentation/decisions/"].flatMap {
          [$0 + name, "\($0)\(name).swift"]
        }
        let isThere =
          places.contains { project.has($0) } || (isFile && project.files.contains { $0.hasSuffix("/\(name)") })
        return isThere ? nil : "\(document.place(piece)): no file \(word)"
      }
    }
  }

  /// The documents that code, settings, scripts and error messages name but that do not exist.
  static func missingDocuments(in text: String, path: String, _ project: Project) -> [String] {
    text.components(separatedBy: "Documentation/").dropFirst().compactMap { rest in
      let name = rest.prefix { $0.isLetter || $0.isNumber || "-_/.".contains($0) }
      guard let end = name.range(of: ".md") else { return nil }
      let document = "Documentation/" + name[..<end.upperBound]
      return project.has(document) ? nil : "\(path): \(document)"
    }
  }

  @Test("Every link leads to an existing file and heading")
  func links() throws {
    let project = try Project.shared.get()
    expectNone(project.documents.flatMap { Self.brokenLinks($0, project) })
    #expect(project.documents.reduce(0) { $0 + $1.links.count } > 50)
  }

  @Test("Every file and folder that a document names is in the repository")
  func files() throws {
    let project = try Project.shared.get()
    expectNone(project.documents.flatMap { Self.missingFiles($0, project) })
  }

  @Test("Every document that code, settings, scripts or messages name exists")
  func documents() throws {
    let project = try Project.shared.get()
    let others = try project.files.filter { $0.hasPrefix("Config/") || $0.hasPrefix("Scripts/") }.sorted()
      .map { ($0, try Project.text($0)) }
    let missing = (project.sources + others).filter { !$0.path.hasPrefix("Tests/DocumentationTests/") }
      .flatMap { Self.missingDocuments(in: $0.text, path: $0.path, project) }
    expectNone(missing)
  }

  @Test("Missing things are found: a link, an anchor, a file, a folder, a file that Git ignores")
  func found() throws {
    let project = try Project.shared.get()
    let text = """
      # A title, of two parts
      [a](none.md) [b](formats.md#nothing) [c](#a-title-of-two-parts) [d](formats.md#1-rules)
      `Tests/LedgerTests/None`, `Sources/Ledger/`, `none.swift`, `formats.md`, `.build/release.yaml`,
      `LedgerTests/Golden/VectorFile.swift`, `LedgerTests/Golden/Vector.swift`
      """
    let document = Document(path: "Documentation/made.md", text: text)
    #expect(
      Self.brokenLinks(document, project) == [
        "Documentation/made.md:2: link to none.md", "Documentation/made.md:2: anchor formats.md#nothing",
      ])
    #expect(
      Self.missingFiles(document, project) == [
        "Documentation/made.md:3: no file Tests/LedgerTests/None", "Documentation/made.md:3: no file none.swift",
        "Documentation/made.md:4: no file LedgerTests/Golden/Vector.swift",
      ])
    #expect(
      Self.missingDocuments(in: "see Documentation/none.md and Documentation/formats.md.", path: "x", project)
        == ["x: Documentation/none.md"])
    #expect(!project.has("Package.resolved"))
  }
}
