import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A certificate page in HTML as an XML parser sees it, which is stricter than any browser.
final class ParsedHTML: NSObject, XMLParserDelegate {
  private(set) var text = ""
  /// The elements' names and attributes, in their order.
  private(set) var elements: [(name: String, attributes: [String: String])] = []
  /// What others wrote, by the elements that keep it apart.
  private(set) var quotes: [String] = []
  private(set) var isWellFormed = false
  private var isInStyle = false
  private var isInQuote = false

  init(_ html: String) {
    super.init()
    let parser = XMLParser(data: Data(html.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements.append((name, attributes))
    isInStyle = name == "style"
    isInQuote = name == "bdi"
    if isInQuote { quotes.append("") }
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    (isInStyle, isInQuote) = (false, false)
  }

  func parser(_ parser: XMLParser, foundCharacters characters: String) {
    if !isInStyle { text += characters }
    if isInQuote { quotes[quotes.count - 1] += characters }
  }
}
