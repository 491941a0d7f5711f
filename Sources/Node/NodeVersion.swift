/// The software's own version, shown by status and `roadbed --version`.
package enum NodeVersion {
  package static let text = "0.1.0"
}
