import { type Category, type Centre, categoryOf } from './centre.ts';
import type { Incident, IncidentSource } from './incident.ts';

/**
 * What somebody may be called by in a title nobody has checked (decision 023). It errs towards seeing people where there are none: then the
 * category is said instead. The hundred commonest surnames (全国姓名报告, 公安部) cover five people of six; who has another is seen by what
 * stands beside the name, and who is named bare, without anything beside it, may not be seen.
 */
const SURNAME =
  '(?:欧阳|上官|司马|诸葛|司徒|[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤常温康施文牛樊葛邢安齐伍])';
const CALLED =
  '(?:先生|女士|小姐|太太|同志|老师|师傅|医生|书记|主任|老板|大爷|大妈|大娘|大叔|大姐|大哥|阿姨|叔叔|爷爷|奶奶|婆婆|公公|嬢嬢|孃孃|嬢|孃|婆|爷|叔|姨|哥|姐|某|氏)';
const ROLE = '(?:姓名|名叫|叫做|本人|当事人|业主|住户|户主|店主|房东|租客|租户|居民|老人|患者|伤者|孩子|小孩|学生|司机)';
const AFTER = '(?:家|的|店|处|与|和|跟|被|说|称|在|反映|举报|投诉|[，,。、：:；;（(\\s]|$)';
const signs: readonly RegExp[] = [
  // 张婆婆, 老王, 小李
  new RegExp(`${SURNAME}\\p{Script=Han}{0,2}${CALLED}`, 'u'),
  new RegExp(`(?:^|[^\\p{Script=Han}]|[和与跟、])[老小阿]${SURNAME}`, 'u'),
  // 业主李建国, 王强店外
  new RegExp(`${ROLE}[:：是]?${SURNAME}`, 'u'),
  new RegExp(`${SURNAME}\\p{Script=Han}{1,2}${AFTER}`, 'u'),
  /\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+/u,
  // somebody's door: 3 栋 2 单元 501, 1204 室
  /[\dA-Za-z一二三四五六七八九十]\s*(?:栋|幢|号楼|座)[\s\-—]*[\d一二三四五六七八九十]|单元|\d\s*(?:室|户|号房)/u,
  // a car, an address of mail or chat
  /[\p{Script=Han}][A-Z][·\s]?[A-Z0-9]{5,6}/u,
  /@|微信|QQ/iu,
];

/** Where the house or its staff put the title. The public's words (residents, hotlines, whatever is not known) are told by category. */
const ours: ReadonlySet<IncidentSource> = new Set(['sensor', 'camera', 'patrol', 'worker', 'operator']);

/** 关系到个人: disputes, what is found or missed on visits to people, and categories the centre says so of. */
export function isAboutPeople(centre: Pick<Centre, 'careKinds'> | null, category: Category): boolean {
  if (category.people || category.flow === 'dispute') return true;
  return (centre?.careKinds ?? []).some((k) => [k.category, ...k.results.map((r) => r.category)].includes(category.code));
}

/**
 * The title of an incident in a clip; null = its category is said instead. A title leaves the house only when the house or its staff wrote it,
 * nobody called, it is not about people, and there is no sign of a person in it. No role is excepted: whoever opens the file has none.
 * @param mask takes names of the vault and long numbers out of a text (model/clip-mask)
 * @param places names in which a surname is no person's, the longest first
 */
export function titleKept(
  incident: Pick<Incident, 'title' | 'category' | 'source' | 'reporter'>,
  centre: Centre | null,
  mask: (text: string) => string,
  places: readonly string[],
): string | null {
  const { title, category, source, reporter } = incident;
  if (reporter !== null || !ours.has(source) || isAboutPeople(centre, categoryOf(centre, category))) return null;
  const elsewhere = places.reduce((text, place) => text.replaceAll(place, '\u3000'), title);
  return mask(title) !== title || signs.some((sign) => sign.test(elsewhere)) ? null : title;
}
