import Ledger
import LedgerJSON

extension ChineseWords {
  func sentence(_ rendered: RenderedOperation) -> Phrase {
    switch rendered.operation {
    case .memberAdd(let operation): "接纳 \(value: operation.name) 为成员，并开立其同名账户。"
    case .memberUpdate(let operation): "以下列角色和公钥取代成员 \(value: operation.name) 原有的角色和公钥。"
    case .memberSuspend(let operation): "暂停成员 \(value: operation.name) 的成员资格。"
    case .memberRestore(let operation): "恢复成员 \(value: operation.name) 的成员资格。"
    case .accountOpen(let operation): "开立账户 \(value: operation.account)。"
    case .accountFreeze(let operation): "冻结账户 \(value: operation.account)：该账户不得转出资产，但仍可转入。"
    case .accountUnfreeze(let operation): "解除对账户 \(value: operation.account) 的冻结。"
    case .accountClose(let operation): "关闭账户 \(value: operation.account)。"
    case .assetDefine(let operation):
      "定义资产 \(value: operation.asset)，由 \(value: operation.issuer) 发行，小数位数为 \(value: operation.decimals)。"
    case .assetIssue(let operation):
      "发行 \(amount(operation.amount, operation.asset, rendered.decimals))，计入账户 \(value: operation.to)。"
    case .assetRetire(let operation):
      "从账户 \(value: operation.from) 注销 \(amount(operation.amount, operation.asset, rendered.decimals))。"
    case .assetTransfer(let operation):
      """
      从账户 \(value: operation.from) 向账户 \(value: operation.to) 划转 \
      \(amount(operation.amount, operation.asset, rendered.decimals))。
      """
    case .assetCap(let operation):
      "将资产 \(value: operation.asset) 的供应量上限设为 \(amount(operation.cap, operation.asset, rendered.decimals))。"
    case .assetHandOver(let operation):
      "将资产 \(value: operation.asset) 的发行人变更为成员 \(value: operation.to)。"
    case .assetFreeze(let operation):
      "冻结资产 \(value: operation.asset)：该资产不得划转、发行、注销或预留，预留款亦不得支付。"
    case .assetUnfreeze(let operation): "解除对资产 \(value: operation.asset) 的冻结。"
    case .holdPlace(let operation):
      """
      从账户 \(value: operation.from) 中为账户 \(value: operation.to) 预留 \
      \(amount(operation.amount, operation.asset, rendered.decimals))，至下列时间为止。
      """
    case .holdCapture(let operation):
      """
      从账户 \(value: operation.from) 的预留款中向账户 \(value: operation.to) 支付 \
      \(amount(operation.amount, operation.asset, rendered.decimals))\(words: operation.closes ? closing : "")。
      """
    case .holdRelease(let operation):
      """
      将为账户 \(value: operation.to) 预留的资产 \(value: operation.asset) 退回账户 \(value: operation.from)。
      """
    case .recordAnchor(let operation):
      """
      以 \(value: operation.author) 的名义，将一份文件的摘要存证于记录集 \(value: operation.collection)，\
      作为下列记录键的新版本。
      """
    case .parameterSet(let operation):
      "将链参数 \(code: operation.parameter.name)（\(meaning(operation.parameter))）设为 \(value: operation.value)。"
    case .directorySet(let operation):
      "将成员 \(value: operation.node.member) 的节点 \(value: operation.node.name) 载入节点目录，或取代其原有条目。"
    case .directoryRemove(let operation): "将节点 \(value: operation.name) 从节点目录中移除。"
    case .validatorAdd(let operation): "将节点 \(value: operation.proof.validator) 设为验证节点。"
    case .validatorRemove(let operation):
      "将验证节点 \(value: operation.name) 改为观察节点：此后只同步本链，不参与表决。"
    case .validatorUpdate(let operation): "更换验证节点 \(value: operation.proof.validator) 的表决密钥。"
    }
  }

  /// Said of a capture after which nothing stays set aside.
  private var closing: String { "，余款退回付款账户" }

  private func amount(_ amount: Amount, _ asset: Name, _ decimals: UInt8?) -> Phrase {
    guard let decimals else { return "\(value: amount) 个最小单位的 \(value: asset)" }
    return "\(value: amount.text(decimals: Int(decimals))) \(value: asset)（\(value: amount) 个最小单位）"
  }

  func meaning(_ parameter: ChainParameter) -> Phrase {
    switch parameter {
    case .administratorThreshold: "须共同签署的管理员人数"
    case .blockBytes: "每个区块的字节数上限"
    case .blockOperations: "每个区块的操作数上限"
    case .validityMilliseconds: "交易有效期最多可超前的毫秒数"
    case .leaderTimeoutMilliseconds: "消息传递时间上限的假定值，以毫秒计"
    case .rulesVersion: "区块变更状态所依规则的版本"
    }
  }

  func explanation(_ code: OutcomeCode) -> Phrase {
    switch code {
    case .applied: "全部操作均已执行"
    case .authorityMissing: "该操作所涉账户、资产或验证节点的所属成员未以足够数量的密钥签署"
    case .administratorsMissing: "签署的管理员人数少于管理所需的人数"
    case .roleMissing: "该成员不具备此操作所需的角色"
    case .memberUnknown: "没有该名称的成员"
    case .memberExists: "已有该名称的成员"
    case .memberSuspended: "该成员的资格已被暂停"
    case .memberNotSuspended: "该成员的资格未被暂停"
    case .memberInvalidKey: "有密钥不是本链密码套件的有效公钥"
    case .administratorsLockedOut: "剩余的在任管理员将少于管理所需的人数"
    case .memberSharedKey: "有密钥属于另一成员，该成员将得以同时代表两者"
    case .memberTooManyAdmissions: "该登记员在本区块中接纳的成员所列密钥超过 256 个"
    case .accountUnknown: "没有该名称的账户"
    case .accountExists: "已有该名称的账户"
    case .accountFrozen: "该账户已被冻结"
    case .accountNotFrozen: "该账户未被冻结"
    case .accountNotEmpty: "该账户仍有余额，或有以其为付款或收款账户的未结预留"
    case .accountMain: "该账户是成员的同名账户，不得关闭"
    case .assetSameIssuer: "该成员已是该资产的发行人"
    case .assetCapBelowSupply: "新的上限低于该资产的供应量"
    case .assetUnknown: "没有该名称的资产"
    case .assetExists: "已有该名称的资产"
    case .assetInsufficientFunds: "该账户的余额少于所需金额"
    case .assetBalanceOverflow: "该账户的余额将达到或超过 2^128 个单位"
    case .assetSupplyOverflow: "该资产的供应量将达到或超过 2^128 个单位"
    case .assetCapExceeded: "该资产的供应量将超过其上限"
    case .assetCapNotLower: "新的上限不低于该资产现有的上限"
    case .assetFrozen: "该资产已被冻结"
    case .holdExists: "该付款账户已有使用此编号的未结预留"
    case .holdUnknown: "该付款账户没有使用此编号的未结预留"
    case .holdExpired: "该预留已到期"
    case .holdOtherTerms: "该预留属于另一资产或另一收款账户"
    case .holdAmountExceeded: "尚余的预留金额少于所需金额"
    case .holdExpiryPassed: "到期时间不晚于本区块的时间"
    case .holdExpiryTooFar: "到期时间晚于本区块的时间超过 3,653 天"
    case .assetNotFrozen: "该资产未被冻结"
    case .recordForeignCollection: "该记录集属于另一成员"
    case .recordVersionOverflow: "该记录的版本数已达编号上限"
    case .configurationOutdated: "该操作编制之后，配置已发生变更"
    case .rulesVersionNotNext: "规则的版本须逐一递增"
    case .directoryUnknownNode: "节点目录中没有该名称的节点"
    case .directoryOtherMember: "该节点属于另一成员"
    case .directoryPinInUse: "有传输密钥属于另一节点，或在本区块开始时属于另一节点"
    case .directoryFull: "节点目录中的节点数已达上限"
    case .directoryValidator: "该节点是验证节点，或在本区块开始时是验证节点"
    case .validatorUnknown: "没有该名称的验证节点"
    case .validatorExists: "已有该名称的验证节点"
    case .validatorLast: "将不再有任何验证节点"
    case .validatorTooMany: "验证节点数已达上限"
    case .validatorInvalidKey: "该表决密钥不是本链密码套件的有效公钥"
    case .validatorKeyInUse: "该表决密钥现为某一验证节点所用，或在本区块开始时为另一验证节点所用"
    case .validatorKeyChangedRecently: "该成员在 24 小时之内更换过表决密钥"
    }
  }
}
