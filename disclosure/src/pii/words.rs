//! Word lists: provinces on plates, units of addresses, surnames, and what stands beside names and numbers.

/// First characters of plates.
pub(super) const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// Last characters of plates of schools, police, Hong Kong, Macau, trailers, embassies and consulates.
pub(super) const PLATE_ENDS: &str = "学警港澳挂使领";

/// Characters that address numbers stand before.
pub(super) const UNITS: &str = "号號栋棟幢座室户戶弄楼樓单單";

/// Chinese numerals that stand for one digit.
pub(super) const HAN_DIGITS: &str = "〇零○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖貳參陸";

/// Words that a name follows, directly or after a colon; with [`WEAK_CUES`], all of them.
pub(super) const STRONG_CUES: &[&str] = &[
    "姓名",
    "名字",
    "联系人",
    "聯絡人",
    "反映人",
    "反应人",
    "投诉人",
    "举报人",
    "申请人",
    "经办人",
    "承办人",
    "代表人",
    "代理人",
    "收款人",
    "领款人",
    "領款人",
    "收件人",
    "寄件人",
    "来电人",
    "诉求人",
    "信访人",
    "报案人",
    "报修人",
    "监护人",
    "委托人",
    "证明人",
    "发件人",
    "报警人",
    "致电人",
    "来信人",
    "来访人",
    "求助人",
    "来电者",
    "投诉者",
    "举报者",
    "孩子叫",
    "儿子叫",
    "女儿叫",
    "丈夫叫",
    "妻子叫",
    "老人叫",
    "老板叫",
    "邻居叫",
    "老师叫",
    "医生叫",
    "房东叫",
    "持卡人",
    "我叫",
    "名叫",
];

/// Those after which a word is as likely as a name: a colon, or a word such as 反映 behind the name, must decide.
pub(super) const WEAK_CUES: &[&str] = &[
    "业主",
    "车主",
    "店主",
    "房东",
    "我是",
    "患者",
    "家属",
    "死者",
    "伤者",
    "残疾人",
    "本人",
    "居民",
    "村民",
    "市民",
    "党员",
    "职工",
    "网格员",
    "老人",
    "户主",
    "戶主",
    "负责人",
    "負責人",
    "当事人",
    "责任人",
];

/// Titles behind a name.
pub(super) const TITLES: &[&str] = &[
    "先生", "女士", "小姐", "同志", "师傅", "師傅", "阿姨", "大爷", "大妈", "奶奶", "爷爷", "老师",
    "老師", "大叔", "大哥", "大姐",
];

/// What follows the name of a person who does or is asked something.
pub(super) const NAME_FOLLOWERS: &[&str] = &[
    "先生",
    "女士",
    "小姐",
    "同志",
    "老师",
    "来电",
    "來電",
    "反映",
    "反应",
    "投诉",
    "举报",
    "致电",
    "表示",
    "电话",
    "電話",
    "手机",
    "手機",
    "联系",
    "聯絡",
    "身份证",
    "性别",
    "家住",
    "住在",
    "住址",
    "地址",
    "年龄",
    "称",
    "说",
    "诉",
    "报修",
    "求助",
    "咨询",
    "要求",
    "希望",
];

/// Words that a cell of a category may hold and that begin like a name.
pub(super) const NOT_NAMES: &[&str] = &[
    "安全", "安排", "安装", "白天", "包装", "常规", "成功", "成立", "程序", "单位", "党建", "党员",
    "代表", "方便", "方案", "方法", "房屋", "房产", "丰富", "付款", "高度", "高空", "公共", "公园",
    "公司", "公路", "公告", "宫殿", "古迹", "古树", "关闭", "关系", "管道", "管理", "广告", "广场",
    "国家", "国土", "和平", "和谐", "何时", "洪水", "花园", "花卉", "黄色", "黄昏", "计划", "计生",
    "季度", "家庭", "家政", "江河", "解决", "解释", "金额", "金融", "经济", "经营", "景观", "康复",
    "空调", "空地", "劳动", "劳务", "老化", "乐器", "连续", "林木", "林业", "楼道", "路面", "路灯",
    "路口", "马路", "麦克", "满意", "毛病", "明显", "明确", "能源", "农业", "农村", "农贸", "平安",
    "平台", "强制", "强化", "全部", "全体", "全市", "全区", "任务", "商业", "商铺", "商品", "尚未",
    "邵阳", "申请", "生活", "生态", "盛大", "师资", "石油", "石材", "时间", "水电", "水务", "水管",
    "税务", "司法", "司机", "宋体", "宿舍", "孙子", "谈话", "唐装", "田地", "通知", "通讯", "通道",
    "童装", "万元", "王府", "危房", "危险", "温泉", "温度", "文化", "文明", "文体", "文件", "无效",
    "武装", "夏季", "夏令", "项目", "相关", "向阳", "谢绝", "谢谢", "幸福", "修理", "许可", "宣传",
    "严重", "严格", "养老", "养护", "阳台", "阳光", "应急", "应该", "英语", "游泳", "游戏", "于是",
    "余额", "鱼塘", "云南", "运动", "曾经", "章程", "长期", "赵县", "郑州", "支付", "支部", "周边",
    "周末", "周期", "周围", "祝福", "庄园", "装修", "卓越", "宗教", "宗旨", "邹城", "从事", "从业",
    "费用", "查处", "查询", "都市", "冷气", "冷热", "利用", "充电", "充足", "简单", "简介", "车辆",
    "车位", "车站", "权利", "权属", "后勤", "后期", "後續", "干净", "干旱", "施工", "施肥", "海洋",
    "暴力", "易燃", "易爆", "终止", "步行", "戴帽", "双方", "双向", "左右", "东方", "东西", "南方",
    "西方", "北方", "别墅", "陆地", "雷雨", "雷达", "贺兰", "银川", "金凤", "永宁", "灵武", "兴庆",
    "西夏",
];

/// Characters that a given name does not hold: grammar, institutions, units.
pub(super) const NOT_GIVEN: &str = "员員的了是在有及与與等被将把对對从從给給让讓们們这這那哪其之为為以因由所市鄉乡村里島岛不没沒未已应該该請请要会會可能就都也还還又很最且或者和同跟向于於至到并並而但我你您他她它自每各某谁誰何什么么吗吧呢啊局厅廳处處署委办辦区區县縣镇鎮街路巷号號栋棟幢楼樓层層室户戶站厂廠店校院系部队隊组組社团團所厕廁场場馆館桥橋厦廈司企业業费費款元件项項类類种種型式级級性率度量额額期间間时時日月年周天电電话話手机機证證个個些";

/// Single-character surnames: the Hundred Family Surnames and the commonest of today, both scripts.
pub(super) const SURNAMES: &str = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖闫覃邸檀漆尧楚鲜岳帅亢况海晋佟伯楼代谌占保苑付禤丘苟仝仵麦商佘牟揭赏哈谯笪年爱阳佴言福佘涂蒿门初撒辜兰付肖代覃邝冼敬粟涛奉钦呙信修哲隋原南呼丛但芦苪来尔";

/// The same in traditional characters, where they differ.
pub(super) const SURNAMES_TRADITIONAL: &str = "趙錢孫吳鄭馮陳衛蔣瀋韓楊許呂張嚴華薑謝鄒竇雲蘇範魯韋馬鳳魚費賀湯羅畢鄔樂時齊顧黃蕭貝計談龐紀項藍閔賈婁顏鐘鍾邱駱萬盧經應鄧鬱單諸鈕龔陸榮儲烏車寧厲劉葉龍黎薊賴藺喬陰蒼雙聞黨譚貢勞酈壽邊農溫莊閻連習魚廣闕東歐師鞏聶簡饒鞠須豐關後紅遊權蓋岳況樓諶麥賞蘭塗門曾游鄺";

/// Surnames of two characters.
pub(super) const COMPOUND_SURNAMES: &[&str] = &[
    "欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "夏侯", "皇甫", "尉迟", "公孙", "慕容",
    "令狐", "宇文", "长孙", "司徒", "司空", "东方", "独孤", "南宫", "端木", "轩辕", "百里", "呼延",
    "东郭", "申屠", "公冶", "闾丘", "太叔", "澹台", "钟离", "鲜于", "公羊", "濮阳", "万俟", "闻人",
    "赫连", "第五", "纳兰", "完颜", "拓跋", "西门", "范姜", "張簡",
];

/// Words before an identity number.
pub(super) const ID_CUES: &[&str] = &["身份", "证件号", "证号", "證號", "户口", "ID", "id"];
/// Words before a telephone number.
pub(super) const PHONE_CUES: &[&str] = &[
    "电话", "電話", "手机", "手機", "联系", "聯絡", "致电", "座机", "固话", "来电", "热线", "号码",
    "號碼", "传真", "拨打", "宅电", "电联", "微信", "Tel", "tel", "TEL", "hone", "HONE", "obile",
    "OBILE", "☎",
];
/// Words before a card number.
pub(super) const CARD_CUES: &[&str] = &[
    "卡号", "卡號", "银行", "銀行", "账号", "帐号", "賬號", "帳號", "账户", "帐户", "帳戶", "开户",
    "储蓄", "工行", "农行", "建行", "中行", "card", "Card",
];
/// Words before a passport number.
pub(super) const PASSPORT_CUES: &[&str] = &["护照", "護照", "assport", "ASSPORT"];
/// Words before a permit number.
pub(super) const PERMIT_CUES: &[&str] = &[
    "通行证",
    "通行證",
    "回乡证",
    "回鄉證",
    "台胞证",
    "臺胞證",
    "台胞證",
    "港澳",
    "往来台湾",
];
/// Words before a Hong Kong identity number.
pub(super) const HONG_KONG_CUES: &[&str] = &["香港", "HKID", "身份"];

/// What may stand between a messenger's word and the account: 微信号, QQ号码, WeChat ID.
pub(super) const ACCOUNT_WORDS: &[&str] = &[
    "号码",
    "號碼",
    "账号",
    "帐号",
    "賬號",
    "帳號",
    "号",
    "號",
    "同号",
    "联系方式",
    "昵称",
    "id",
];

/// Services that are announced with 号: 抖音号, 支付宝账号.
pub(super) const SERVICES: &[&str] = &[
    "抖音",
    "快手",
    "支付宝",
    "小红书",
    "微博",
    "陌陌",
    "钉钉",
    "飞信",
    "旺旺",
    "淘宝",
    "闲鱼",
    "直播",
    "游戏",
    "Telegram",
    "WhatsApp",
    "Skype",
    "Line",
    "LINE",
];

/// What makes an account one of an office or a firm.
pub(super) const OFFICIAL: &[&str] = &[
    "公众", "公眾", "官方", "政务", "企业", "单位", "服务", "平台", "客服",
];

/// How accounts of offices and words of the trade begin.
pub(super) const NOT_ACCOUNTS: &[&str] = &[
    "gh_", "http", "www", "android", "windows", "iphone", "harmony", "official", "wechat", "weixin",
];

/// Words before the place where somebody lives.
pub(super) const RESIDENCE: &[&str] = &[
    "住",
    "住址",
    "地址",
    "户籍",
    "户籍地",
    "戶籍",
    "籍贯",
    "户口",
    "户口所在地",
    "老家",
    "原籍",
    "居住地",
    "家",
    "现居",
    "居",
    "家庭住址",
];

/// Characters in which names of minorities and foreigners are written by their sound.
pub(super) const BY_SOUND: &str = "阿艾爱杜安昂奥敖巴白拜班保贝比毕别宾波勃博布不卜才茨次措达代丹当德登邓迪狄蒂地丁顿多朵都尔恩发法凡范芳菲费芬丰冯弗夫福富甫嘎尕盖甘高戈哥格根古姑贡桂哈海罕汗杭豪浩合赫亨胡华怀霍基吉加佳贾江杰金久居卡凯坎康考柯科克肯孔库夸奎拉来莱赖兰朗劳勒雷里黎李理力历丽利莉立连廉列林琳玲留龙卢鲁路伦罗洛吕马玛麦曼芒毛茂梅美门蒙孟米密敏明莫默姆木穆拿那娜纳乃奈南内尼妮聂宁牛努诺欧帕派潘庞培佩彭皮平珀普奇齐其恰强乔切琴青琼丘热仁日如茹瑞若萨塞赛桑瑟森沙莎山珊尚舍申沈生圣什史士斯丝司松苏素孙索他塔台泰坦汤唐陶特腾提汀廷图吐托娃瓦外万汪旺威韦维卫魏温文翁沃乌吾伍武西希锡夏贤香肖谢辛欣修休徐许雪逊雅亚延扬杨央耀叶耶伊依宜义易因音印英永尤友于玉郁约岳云赞泽扎占张哲珍真芝治忠州朱祖佐孜则增拖汉麻伯买肉坡仓";

/// Whether any of the words stands in a text.
pub(super) fn any(words: &[&str], text: &str) -> bool {
    words.iter().any(|word| text.contains(word))
}
