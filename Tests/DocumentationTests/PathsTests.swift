import Foundation
import Testing

/// Compares documented paths of the API and their parameters with the routes.
@Suite("Documents: paths of the API")
struct PathsTests {
  /// The parts of a path. `nil` matches any one part, `*` any number of parts.
  private static func parts(_ path: some StringProtocol) -> [String?] {
    path.split(separator: "/").map { part in
      part == "**" || part == "{member/path}" ? "*" : part.hasPrefix(":") || part.hasPrefix("{") ? nil : String(part)
    }
  }

  static func findings(_ document: Document, routes: Set<String>, parameters: Set<String>) -> [String] {
    let known = Set(routes.map { parts($0) })
    return document.spans.compactMap { span in
      guard let shown = span.text.split(separator: " ").last, shown.hasPrefix("/v1/") || shown.hasPrefix("/metrics")
      else { return nil }
      // A placeholder that contains a slash counts as one part.
      let path = shown.prefix { $0 != "?" && $0 != "[" }.replacingOccurrences(of: "{member/path}", with: "**")
      guard known.contains(parts(path)) else { return "\(document.place(span)): no path \(path)" }
      let query = shown.drop { $0 != "?" }.split { "?&[]".contains($0) }
      let unknown = query.map { $0.prefix { $0 != "=" } }.filter { !parameters.contains(String($0)) }
      return unknown.isEmpty ? nil : "\(document.place(span)): no parameter \(unknown.joined(separator: ", "))"
    }
  }

  private static func literals(_ project: Project) -> Set<String> {
    project.sources.filter { $0.path.hasPrefix("Sources/NodeAPI/") }.reduce(into: []) { literals, source in
      for line in source.text.split(separator: "\n") {
        let pieces = line.split(separator: "\"", omittingEmptySubsequences: false)
        for index in stride(from: 1, to: pieces.count, by: 2) { literals.insert(String(pieces[index])) }
      }
    }
  }

  @Test("Every path and parameter of the API that a document names exists, and api.md has every path")
  func paths() throws {
    let project = try Project.shared.get()
    let literals = Self.literals(project)
    let routes = literals.filter { $0.hasPrefix("/v1/") || $0 == "/metrics" }
    #expect(routes.count > 10)
    expectNone(project.documents.flatMap { Self.findings($0, routes: routes, parameters: literals) })
    let api = try project.document("Documentation/api.md")
    let described = Set(
      api.spans.compactMap { $0.text.split(separator: " ").last?.prefix { $0 != "?" && $0 != "[" } }
        .map { Self.parts($0.replacingOccurrences(of: "{member/path}", with: "**")) })
    expectNone(routes.filter { !described.contains(Self.parts($0)) }.sorted())
  }

  @Test("Missing things are found: a path, a part of one, a parameter")
  func found() {
    let text = "`GET /v1/a/{id}`, `/v1/a`, `/v1/b?x=&y=`, `/v1/b[?z=]`, `POST /v1/c/{member/path}`, `/v1/d`"
    let document = Document(path: "x.md", text: text)
    #expect(
      Self.findings(document, routes: ["/v1/a/:id", "/v1/b", "/v1/c/**"], parameters: ["x", "z"]) == [
        "x.md:1: no path /v1/a", "x.md:1: no parameter y", "x.md:1: no path /v1/d",
      ])
  }
}
