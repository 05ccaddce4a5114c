import random,json,csv,sys
exec(open('groups.py').read())
PIN=[l.strip() for l in open('pin.list',encoding='utf8') if l.strip()]
for s,a,b in pairs(.34): par[find(a)]=find(b)
g=collections.defaultdict(list)
for i in range(N): g[find(i)].append(i)
rnd=random.Random(20260417)
pinned=set(); used=set()
for i,r in enumerate(rows):
    for p in PIN:
        if r[3].startswith(p): pinned.add(i); used.add(p)
miss=[p for p in PIN if p not in used]
if miss: print('PIN unused',miss)
stream=set()
for q in sorted(set(r[0] for r in rows)):
    idx=[i for i in range(N) if rows[i][0]==q]; T=round(len(idx)*.27)
    def want(pred): return round(sum(1 for i in idx if pred(i))*.27)
    cls=lambda i: 'lang' if rows[i][2]!='en' else 'hard' if rows[i][1] else 'plain'
    quota={c:want(lambda i,c=c: cls(i)==c) for c in('lang','hard','plain')}
    quota['plain']=T-quota['lang']-quota['hard']
    units=[u for u in g.values() if rows[u[0]][0]==q and len(u)<=12 and not any(i in pinned for i in u)]
    units.sort(key=min); rnd.shuffle(units)
    big=[u for u in units if 4<=len(u)]; units=big[:1]+[u for u in units if u not in big[:1]]
    for u in units:
        c=collections.Counter(cls(i) for i in u)
        if all(c[k]<=quota[k] for k in c):
            stream.update(u)
            for k in c: quota[k]-=c[k]
    if any(quota.values()): print(q,'left',quota)
ex=[i for i in range(N) if i not in stream]
S2=sorted(stream)
if __name__=='__main__' and len(sys.argv)>1:
    L=[]
    for a in ex:
        for b in S2:
            if rows[a][0]==rows[b][0]:
                s=sum(x*V[b].get(w,0) for w,x in V[a].items())
                if s>float(sys.argv[1]): L.append((s,b,a))
    for s,b,a in sorted(L,reverse=True): print(round(s,2),rows[b][0][:6],rows[b][3][:100],'||',rows[a][3][:100])
print(len(ex),len(S2))
