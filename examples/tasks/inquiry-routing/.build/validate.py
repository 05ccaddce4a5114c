import csv,json,re,itertools,collections
ex=list(csv.DictReader(open('../examples.csv',encoding='utf8',newline='')))
st=[json.loads(l) for l in open('../stream.ndjson',encoding='utf8')]
tr=[json.loads(l) for l in open('../truth.ndjson',encoding='utf8')]
task=json.load(open('../task.json'))
L={l['name'] for l in task['labels']}; assert len(L)==10
assert all(set(r)=={'external_id','text','label'} and r['label'] in L and r['text'].strip()==r['text'] and r['text'] for r in ex)
assert {s['external_id'] for s in st}=={t['external_id'] for t in tr} and len(st)==len(tr)==len({s['external_id'] for s in st})
assert len({r['external_id'] for r in ex})==len(ex) and all(t['label'] in L for t in tr)
T=[(r['external_id'],r['text']) for r in ex]+[(s['external_id'],s['input']['text']) for s in st]
norm=[' '.join(re.findall(r'\w+',t.lower())) for _,t in T]; assert len(set(norm))==len(norm)
S=[]
for n in norm:
    w=n.split(); S.append(set(zip(w,w[1:],w[2:])) or {tuple(w)})
ix=collections.defaultdict(list)
for k,s in enumerate(S):
    for x in s: ix[x].append(k)
pc=collections.Counter(p for v in ix.values() for p in itertools.combinations(v,2))
for (a,b),n in pc.items():
    if n/min(len(S[a]),len(S[b]))>.6: print('NEAR',n/min(len(S[a]),len(S[b])),T[a],T[b])
wc=[len(t.split()) for _,t in T]; print('words',min(wc),max(wc),sum(wc)/len(wc),'<4:',[t for _,t in T if len(t.split())<4])
for e,t in T:
    if re.search(r'\b(paypal|klarna|visa|mastercard|google|dhl|iphone|android|chrome|firefox|amazon|ebay|whatsapp|facebook|instagram)\b',t,re.I): print('BRAND',e,t)
    if re.search(r'@(?!example\.(org|com|net))',t) : print('AT',e,t)
    if re.search(r'\\n|^!|^@',t): print('ESC',e,t)
    if re.search(r'\d{9,}',t): print('NUM',e,t)
print(len(ex),len(st),len(set(s['subject'] for s in st)),'instr words',len(task['instructions'].split()), max(len(t) for _,t in T))
