import Foundation
import Testing

/// Compares the code on the pages of LedgerClient.docc with Tests/ClientSnippets, which is compiled and run.
@Suite("The pages of the client")
struct PagesTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// A file's name and content.
  private typealias File = (name: String, text: String)

  private static func files(_ folder: String, _ ending: String) throws -> [File] {
    let folder = root.appendingPathComponent(folder)
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(ending) }.sorted()
      .map { ($0, try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)) }
  }

  /// What is between a line that begins with `opening` and the next line that is `closing`, with the place and the rest of the
  /// first line. What does not end has no text.
  private static func parts(
    _ file: File, from opening: String, to closing: String
  ) -> [(
    place: String, name: String, text: String?
  )] {
    var parts: [(place: String, name: String, text: String?)] = []
    var lines: [Substring]?
    for (index, line) in file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if let begun = lines, line == closing {
        parts[parts.count - 1].text = begun.joined(separator: "\n")
        lines = nil
      } else if lines != nil {
        lines?.append(line)
      } else if line.hasPrefix(opening) {
        parts.append(("\(file.name):\(index + 1)", String(line.dropFirst(opening.count)), nil))
        lines = []
      }
    }
    return parts
  }

  private static func findings(pages: [File], snippets: [File]) -> [String] {
    let regions = snippets.flatMap { parts($0, from: "// snippet: ", to: "// end") }
    let blocks = pages.flatMap { parts($0, from: "```", to: "```") }
    let unfinished = (regions + blocks).filter { $0.text == nil }.map { "\($0.place): does not end" }
    let drifted = blocks.compactMap { block -> String? in
      guard block.text != nil else { return nil }
      guard block.name == "swift" else { return "\(block.place): not Swift" }
      return regions.contains { $0.text == block.text } ? nil : "\(block.place): no snippet is the same"
    }
    let unused = regions.filter { region in !blocks.contains { $0.text == region.text } }
    return unfinished + drifted + unused.map { "\($0.place): on no page" }
  }

  @Test("The code on every page is, byte for byte, code that is compiled and run, and no such code is on no page")
  func same() throws {
    let pages = try Self.files("Sources/LedgerClient/LedgerClient.docc", ".md")
    let snippets = try Self.files("Tests/ClientSnippets", ".swift")
    #expect(Self.findings(pages: pages, snippets: snippets) == [])
    #expect(pages.count == 7)
    #expect(pages.reduce(0) { $0 + Self.parts($1, from: "```", to: "```").count } >= 15)
  }

  @Test(
    "What differs is found: another character, a block of which there is no snippet, one that is not Swift or does not end"
  )
  func found() {
    let snippets = [("Made.swift", "// snippet: one\nlet one = 1\n\n// end\n// snippet: two\nlet two = 2\n// end\n")]
    let good = "```swift\nlet one = 1\n\n```\n"
    func findings(_ page: String) -> [String] { Self.findings(pages: [("Made.md", page)], snippets: snippets) }
    #expect(findings(good + "```swift\nlet two = 2\n```\n") == [])
    #expect(findings(good) == ["Made.swift:5: on no page"])
    #expect(
      findings(good + "```swift\nlet two =  2\n```\n")
        == ["Made.md:5: no snippet is the same", "Made.swift:5: on no page"])
    #expect(findings(good + "```swift\nlet two = 2\n```\n```\nls\n```\n") == ["Made.md:8: not Swift"])
    #expect(findings(good + "```swift\nlet two = 2\n") == ["Made.md:5: does not end", "Made.swift:5: on no page"])
  }

  @Test("Every page is reached from the first, and every page that one names exists")
  func linked() throws {
    let pages = try Self.files("Sources/LedgerClient/LedgerClient.docc", ".md")
    let names = Set(pages.map { String($0.name.dropLast(".md".count)) })
    for page in pages {
      let named = page.text.components(separatedBy: "<doc:").dropFirst().map { String($0.prefix { $0 != ">" }) }
      #expect(names.isSuperset(of: named), "\(page.name): \(named)")
      if page.name == "LedgerClient.md" { #expect(Set(named) == names.subtracting(["LedgerClient"])) }
    }
  }
}
