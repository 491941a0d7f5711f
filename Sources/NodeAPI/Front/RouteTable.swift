internal import Primitives

/// The paths of the API with their methods, used to refuse a request before its body is read.
struct RouteTable: Sendable {
  private enum Segment: Sendable {
    case literal(Substring)
    case any
    /// Matches one or more segments.
    case rest
  }

  private struct Route: Sendable {
    var segments: [Segment]
    var methods: [String]
    var takesEncoded: Bool

    func matches(_ target: RequestTarget) -> Bool {
      if target.isEncoded && !takesEncoded { return false }
      var place = target.segments.startIndex
      for segment in segments {
        guard place < target.segments.endIndex else { return false }
        switch segment {
        case .literal(let text): if target.segments[place] != text { return false }
        case .any: break
        // Accounts need no encoding, and would have a second spelling with it.
        case .rest: return target.segments[place...].allSatisfy { !$0.utf8.contains(UInt8(ascii: "%")) }
        }
        place += 1
      }
      return place == target.segments.endIndex
    }
  }

  private var routes: [Route] = []

  /// Builds the table from the router's descriptions of paths, with `{name}` for a segment that may be anything, each
  /// with one method. HEAD is allowed wherever GET is. Only the paths in `encoded` have segments that may be
  /// percent-encoded, except for those that `**` stands for.
  init(_ descriptions: [(path: String, method: String)], encoded: Set<String>) {
    let methods = Dictionary(grouping: descriptions, by: \.path).mapValues { $0.map(\.method) }
    for (path, methods) in methods.sorted(by: { $0.key < $1.key }) {
      let segments = path.split(separator: "/").map { part -> Segment in
        if part == "**" { return .rest }
        return part.hasPrefix("{") ? .any : .literal(part)
      }
      let all = Set(methods + (methods.contains("GET") ? ["HEAD"] : []))
      routes.append(Route(segments: segments, methods: all.sorted(), takesEncoded: encoded.contains(path)))
    }
  }

  /// Refuses requests that no route answers.
  func check(_ method: String, _ target: String) throws(RequestError) {
    guard let parsed = RequestTarget(target), let route = routes.first(where: { $0.matches(parsed) }) else {
      throw .noSuchPath(method, target)
    }
    guard route.methods.contains(method) else { throw .method(method, target, allowed: route.methods) }
  }
}
